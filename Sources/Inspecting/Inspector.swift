package import Artefacts
internal import DurableFiles
package import FoundationEssentials
internal import InspectionWire
package import Sealing
package import SystemPackage

/// Has files looked at by `keepsake-inspector`, which forks a confined process
/// for each file, and recordings by `keepsake-recording-inspector`, which does the same.
///
/// The answer is untrusted. Whatever goes wrong, the file is held with that
/// reason; the daemon is untouched.
package struct Inspector: Sendable {
    let keyring: Keyring
    package let policy: CurrentPolicy
    private var server: InspectionServer
    /// Apart: a fork with the libraries that play recordings costs as much as most inspections.
    private var recordings: InspectionServer
    private let timeLimit: Duration
    private var places: Places
    private let zone: TimeZone

    /// - Parameters:
    ///   - executable: the inspector's program.
    ///   - recordings: that of the inspector of recordings.
    ///   - keyring: opens the files, each of which an inspector gets with its own key alone.
    ///   - policy: decides what follows from what the inspector found.
    ///   - timeLimit: wall-clock time after which an inspection is given up.
    ///   - concurrency: files that are inspected at once; others wait in order.
    ///   - zone: of local times that name none.
    package init(
        executable: FilePath, recordings: FilePath, keyring: Keyring, policy: CurrentPolicy = CurrentPolicy(),
        timeLimit: Duration = .seconds(30), concurrency: Int = 2, zone: TimeZone = .unitedKingdom
    ) {
        self.keyring = keyring
        self.policy = policy
        self.timeLimit = timeLimit
        self.zone = zone
        places = Places(count: concurrency)
        // The inspector's own limits are behind the daemon's, which ends what it has given up.
        let arguments = InspectorArguments(timeLimit: timeLimit + .seconds(1), concurrency: concurrency * 2)
        server = InspectionServer(executable: executable, arguments: arguments)
        self.recordings = InspectionServer(executable: recordings, arguments: arguments)
    }

    /// One like it, with programs and places of its own, to which whatever else this machine does comes first.
    ///
    /// Its programs are started by the first file.
    package func givingWay() -> Inspector {
        var patient = self
        patient.server = server.givingWay()
        patient.recordings = recordings.givingWay()
        patient.places = Places(count: places.count)
        return patient
    }

    /// Starts both inspectors, so that the first file does not wait for them; else
    /// the first file starts them. A failure shows when a file is inspected.
    package func start() async {
        await blocking { [server, recordings] in
            for server in [server, recordings] { try? server.start() }
        }
    }

    /// Whether so many files wait that another would wait for long.
    package var isCrowded: Bool { places.areCrowded }

    /// What the sealed file is, and what follows from it.
    ///
    /// Cancelling the task ends the inspection; the answer is then worthless.
    ///
    /// - Parameters:
    ///   - times: what the sender's device said.
    ///   - notBefore: older dates are not believed.
    package func inspect(
        _ file: FilePath, named name: FileName, declared: MediaType?, receivedAt: Date, times: DeclaredTimes? = nil,
        notBefore: Date? = nil
    ) async -> Inspection {
        await examine(
            file, clues: CaptureClues(fileName: name, declared: times, receivedAt: receivedAt, notBefore: notBefore))
    }

    func examine(_ file: FilePath, clues: CaptureClues) async -> Inspection {
        switch await report(on: file) {
        case .success(let report):
            let verdict = Verdict(report, clues: clues, zone: zone, by: policy.policy)
            return Inspection(report: report, decision: verdict.decision, finding: verdict.finding)
        case .failure(let failure):
            return Inspection(report: nil, decision: nil, finding: .held(failure.sentence, clues: clues, zone: zone))
        }
    }

    /// What the inspector says of a sealed file, once there is a place for it.
    func report(on file: FilePath) async -> Result<InspectionReport, InspectionFailure> {
        await places.take()
        // Whoever asked may have gone while this waited.
        let result = Task.isCancelled ? .failure(.stopped) : await answer(on: file)
        places.giveBack()
        return result
    }

    private func answer(on file: FilePath) async -> Result<InspectionReport, InspectionFailure> {
        let answer = await withTaskGroup(of: Result<InspectionReport, InspectionFailure>?.self) { group in
            group.addTask { await message(on: file) }
            group.addTask { [timeLimit] in
                try? await Task.sleep(for: timeLimit)
                return Task.isCancelled ? nil : .failure(.timedOut)
            }
            defer { group.cancelAll() }
            return await group.next().flatMap(\.self) ?? .failure(.stopped)
        }
        // Not before: a server that is ended ends the answer too, for another reason.
        if case .failure(.timedOut) = answer {
            await blocking { [server, recordings] in
                for server in [server, recordings] { server.timedOut() }
            }
        }
        return answer
    }

    private func message(on file: FilePath) async -> Result<InspectionReport, InspectionFailure> {
        do {
            var answer = try await ask(server, about: file)
            if answer == .needsPlayer { answer = try await ask(recordings, about: file) }
            switch answer {
            case .report(let report): return report.isPlausible ? .success(report) : .failure(.nonsense)
            case .failed: return .failure(.stopped)
            case .needsPlayer: return .failure(.nonsense)
            }
        } catch let failure as InspectionFailure {
            return .failure(failure)
        } catch is InspectionWireError {
            return .failure(.nonsense)
        } catch {
            return .failure(.notStarted)
        }
    }

    private func ask(_ server: InspectionServer, about file: FilePath) async throws -> InspectionAnswer {
        let message = try await blocking { [keyring] in try server.inspect(file, with: keyring) }.message()
        guard !message.isEmpty else { throw InspectionFailure.stopped }
        server.answered()
        return try InspectionAnswer(frame: Data(message))
    }
}

extension TimeZone {
    /// Where most of what Keepsake gets was made.
    package static var unitedKingdom: TimeZone { TimeZone(identifier: "Europe/London") ?? .gmt }
}
