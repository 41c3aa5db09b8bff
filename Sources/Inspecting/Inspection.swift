package import Artefacts
package import InspectionWire

/// All that is known of a file once it was looked at.
package struct Inspection: Sendable {
    /// `nil`: the inspector gave none, or there was nothing to look at.
    package let report: InspectionReport?
    /// `nil` where there is no report.
    package let decision: Decision?
    package let finding: Finding

    /// Where it was made, as far as the file tells. In no other part of what is stored of it.
    package var position: Position? { report?.position }

    /// Whether the inspection itself failed, so that the finding says little of the file.
    package var isIncomplete: Bool { report == nil && finding.state != .refused }
}
