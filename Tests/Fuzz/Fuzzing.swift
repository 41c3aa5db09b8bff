import ArgumentParser
import Artefacts
import Foundation
import Inspecting
import InspectionWire
import Sealing
import SystemPackage

/// What the daemon does with a file that came in, as far as anybody parses it: each file in a confined process.
struct Fuzzing: Sendable {
    enum Work: String, Sendable, CaseIterable, ExpressibleByArgument {
        /// The inspection alone.
        case inspect
        /// Derivatives alone, of what the sample was before it was made wrong: the libraries get it, whatever the
        /// inspection would say.
        case render
        /// The inspection, then all derivatives of what it found.
        case both
    }

    /// What the daemon says where a file is not to blame: the program is missing, or ends again and again.
    private static let noStart = "could not be started"
    private static let inspectionLimit: Duration = .seconds(30)
    /// Of small files; the daemon lets recordings take longer.
    private static let renderingLimit: Duration = .seconds(60)

    private let samples: [Sample]
    private let work: Work
    private let tally: Tally
    private let keyring = Keyring.ephemeral()
    private let inspector: Inspector
    private let renderer: Renderer
    /// By the sample's path, for ``Work/render``.
    private var orders: [String: RenderOrder] = [:]

    /// - Parameters:
    ///   - programs: the folder that has the three programs.
    ///   - concurrency: how many files are worked on at once.
    init(_ work: Work, samples: [Sample], programs: FilePath, concurrency: Int, tally: Tally) async throws {
        self.samples = samples
        self.work = work
        self.tally = tally
        inspector = Inspector(
            executable: programs.appending("keepsake-inspector"),
            recordings: programs.appending("keepsake-recording-inspector"), keyring: keyring,
            timeLimit: Self.inspectionLimit, concurrency: concurrency)
        renderer = Renderer(
            executable: programs.appending("keepsake-renderer"), keyring: keyring, timeLimit: Self.renderingLimit,
            concurrency: concurrency)
        guard work == .render else { return }
        for sample in samples where !sample.bytes.isEmpty {
            let file = try SealedFile(sample.bytes, with: keyring)
            orders[sample.path] = Self.order(for: await inspection(of: file, sample))
        }
    }

    /// Works on one file, from its bytes to the end of its last derivative.
    func run(_ mutation: Mutation) async throws {
        let (sample, bytes) = mutation.file(of: samples)
        await tally.countFile()
        guard !bytes.isEmpty else { return await tally.count("empty, which no parser gets") }
        let file = try SealedFile(bytes, with: keyring)
        let order: RenderOrder?
        switch work {
        case .render: order = orders[sample.path]
        case .inspect, .both: order = Self.order(for: await inspect(file, mutation, sample))
        }
        guard work != .inspect else { return }
        guard let order else { return await tally.count("rendered: nothing to derive") }
        await render(file, order, mutation, sample)
    }

    private func inspection(of file: SealedFile, _ sample: Sample) async -> Inspection {
        defer { withExtendedLifetime(file) {} }
        return await inspector.inspect(file.path, named: sample.name, declared: nil, receivedAt: Date())
    }

    private func inspect(_ file: SealedFile, _ mutation: Mutation, _ sample: Sample) async -> Inspection {
        let began = ContinuousClock.now
        let inspection = await inspection(of: file, sample)
        await tally.note("inspected", began.duration(to: .now), within: Self.inspectionLimit, mutation, of: sample)
        let state = inspection.finding.state
        if inspection.report != nil {
            await tally.count("inspected: answered, and so \(state.rawValue)")
        } else if state == .held, let reason = inspection.finding.reasons.first, !reason.contains(Self.noStart) {
            await tally.count(trouble: "inspected: held, \"\(reason)\"", mutation, of: sample)
        } else {
            await tally.count(brokenPromise: "inspected in vain, and \(state.rawValue)", mutation, of: sample)
        }
        return inspection
    }

    /// All that the daemon would have made, also of what a person has still to decide on; `nil` for nothing.
    private static func order(for inspection: Inspection) -> RenderOrder? {
        let finding = inspection.finding
        let kinds = DerivativePlan.kinds(for: finding.mimeType, media: finding.media)
        guard inspection.report != nil, finding.state != .refused, !kinds.isEmpty else { return nil }
        return RenderOrder(mimeType: finding.mimeType, kinds: kinds, media: finding.media)
    }

    private func render(_ file: SealedFile, _ order: RenderOrder, _ mutation: Mutation, _ sample: Sample) async {
        let began = ContinuousClock.now
        var tried = 0
        do {
            for try await event in renderer.render(file.path, order) {
                switch event {
                case .began(let kind, let type):
                    guard kind.mayBe(type, of: order.mimeType) else { throw InspectionFailure.nonsense }
                case .bytes: continue
                case .ended:
                    await tally.count("rendered: \(order.kinds[tried].rawValue), made")
                    tried += 1
                case .failed(let kind, _):
                    await tally.count("rendered: \(kind.rawValue), cannot be made")
                    tried += 1
                }
            }
            await tally.count("rendered: to the end")
        } catch InspectionFailure.notStarted {
            await tally.count(brokenPromise: "the renderer \(Self.noStart)", mutation, of: sample)
        } catch {
            let kind = tried < order.kinds.count ? order.kinds[tried].rawValue : "the end"
            await tally.count(trouble: "rendered: \(error) at \(kind)", mutation, of: sample)
        }
        await tally.note("rendered", began.duration(to: .now), within: Self.renderingLimit, mutation, of: sample)
        withExtendedLifetime(file) {}
    }
}
