package import Artefacts
package import FoundationEssentials
internal import InspectionWire
package import Sealing
internal import Subprocess
package import SystemPackage

/// Has files looked at by `keepsake-inspector`, one process for each file.
///
/// The answer is untrusted. Whatever goes wrong, the file is held with that
/// reason; the daemon is untouched.
package struct Inspector: Sendable {
    private let executable: FilePath
    let keyring: Keyring
    private let timeLimit: Duration
    private let places: Places

    /// - Parameters:
    ///   - executable: the inspector's program.
    ///   - keyring: opens the files, each of which an inspector gets with its own key alone.
    ///   - timeLimit: wall-clock time after which an inspector is killed.
    ///   - concurrency: inspectors that run at once; others wait in order.
    package init(
        executable: FilePath, keyring: Keyring, timeLimit: Duration = .seconds(30), concurrency: Int = 2
    ) {
        self.executable = executable
        self.keyring = keyring
        self.timeLimit = timeLimit
        places = Places(count: concurrency)
    }

    /// What the sealed file is, and what follows from it.
    ///
    /// Cancelling the task kills the inspector; the answer is then worthless.
    package func inspect(
        _ file: FilePath, named name: FileName, declared: MediaType?, receivedAt: Date
    ) async -> Finding {
        await places.take()
        let result = await answer(on: file)
        await places.giveBack()
        switch result {
        case .success(let report):
            return Verdict(report, named: name, receivedAt: receivedAt).finding
        case .failure(let failure):
            return .held(failure.sentence, receivedAt: receivedAt)
        }
    }

    private func answer(on file: FilePath) async -> Result<InspectionReport, InspectionFailure> {
        await withTaskGroup(of: Result<InspectionReport, InspectionFailure>?.self) { group in
            group.addTask { await run(on: file) }
            group.addTask { [timeLimit] in
                try? await Task.sleep(for: timeLimit)
                return Task.isCancelled ? nil : .failure(.timedOut)
            }
            defer { group.cancelAll() }
            return await group.next().flatMap(\.self) ?? .failure(.stopped)
        }
    }

    private func run(on file: FilePath) async -> Result<InspectionReport, InspectionFailure> {
        do {
            let socket = try InspectionSocket.inspectorsEnd(for: file, keyring: keyring)
            defer { try? socket.close() }
            var options = PlatformOptions()
            options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .zero)]
            let outcome = try await Subprocess.run(
                .path(executable), environment: .custom(["SWIFT_BACKTRACE": "enable=no"]),
                platformOptions: options, input: .fileDescriptor(socket, closeAfterSpawningProcess: false),
                output: .bytes(limit: InspectionAnswer.maximumFrameSize), error: .discarded)
            guard case .exited(0) = outcome.terminationStatus else { return .failure(.stopped) }
            switch try InspectionAnswer(frame: Data(outcome.standardOutput)) {
            case .report(let report): return report.isPlausible ? .success(report) : .failure(.nonsense)
            case .failed: return .failure(.stopped)
            }
        } catch is InspectionWireError {
            return .failure(.nonsense)
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return .failure(.nonsense)
        } catch {
            return .failure(.notStarted)
        }
    }
}

/// Why there is no report.
enum InspectionFailure: Error {
    case stopped, timedOut, nonsense, notStarted

    /// For the person who sent the file.
    var sentence: String {
        let reason =
            switch self {
            case .stopped: "the inspection stopped unexpectedly"
            case .timedOut: "the inspection took too long"
            case .nonsense: "the inspection gave no usable answer"
            case .notStarted: "the inspection could not be started"
            }
        return "The file could not be checked: \(reason). It is safe, and waiting for a person to look at it."
    }
}

/// Places for inspectors that run at once.
private actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    /// Waits, in order, until there is a place.
    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
