package import Artefacts
internal import InspectionWire

/// Which files are accepted, held or refused, as a records manager wrote it down.
///
/// The first rule that fits decides. Written in `Config/formats.yaml`, which
/// says how.
package struct FormatPolicy: Hashable, Sendable {
    /// In the order in which they are asked.
    let rules: [FormatRule]
    /// What is done with a file that no rule fits.
    let otherwise: FormatRule

    /// The rule that decides about a file.
    func rule(for report: InspectionReport, named name: FileName) -> FormatRule {
        rules.first { $0.condition.holds(for: report, named: name) } ?? otherwise
    }

    /// Whether there is a rule that refuses files for their names.
    func mayRefuse(_ name: FileName) -> Bool {
        rules.contains { rule in
            guard case .refuse = rule.outcome else { return false }
            return rule.condition.namesFiles && rule.condition.fits(name)
        }
    }
}

extension FormatPolicy {
    /// The policy that is in force where no file says otherwise: `Config/formats.yaml` as it was built in.
    package static let builtIn: FormatPolicy = {
        do {
            return try FormatPolicy(parsing: String(decoding: PackageResources.formats_yaml, as: UTF8.self))
        } catch {
            preconditionFailure("the policy that is built in cannot be read: \(error)")
        }
    }()
}

/// One rule of a ``FormatPolicy``.
struct FormatRule: Hashable, Sendable {
    /// Tells it from the others.
    let name: String
    let condition: RuleCondition
    let outcome: Outcome
}

/// What becomes of a file.
package enum Outcome: Hashable, Sendable {
    case accept(Presentation)
    /// `say` is the sentence for whoever sent the file.
    case hold(say: String)
    case refuse(say: String)
}
