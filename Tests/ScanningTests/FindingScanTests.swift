import Artefacts
import Foundation
import Scanning
import Testing

@Suite struct FindingScanTests {
    @Test(arguments: [ScanResult.off, .clean], [ArtefactState.kept, .held, .refused])
    func `a scan that finds nothing changes nothing`(_ result: ScanResult, _ state: ArtefactState) {
        #expect(finding(state).scanned(result) == finding(state))
    }

    @Test(arguments: [ArtefactState.kept, .held])
    func `what is found is held, with a sentence that does not name it`(_ state: ArtefactState) {
        let scanned = finding(state).scanned(.found(signature: "Win.Trojan"))

        #expect(scanned.state == .held)
        #expect(scanned.reasons.count == 2)
        #expect(!scanned.reasons.joined().contains("Trojan"))
        #expect(scanned.mimeType == "image/png")
    }

    @Test(
        arguments: [ArtefactState.kept, .held], [ScanFailure.unreachable, .timedOut, .stopped, .nonsense])
    func `what was not scanned waits, and is said to be safe`(_ state: ArtefactState, _ failure: ScanFailure) {
        let scanned = finding(state).scanned(.notScanned(failure))

        #expect(scanned.state == .inspecting)
        #expect(scanned.reasons.count == 1)
        #expect(scanned.reasons.first?.hasPrefix("The file is safe") == true)
    }

    @Test(arguments: [ArtefactState.kept, .held])
    func `what is too large for a scan is held for a person`(_ state: ArtefactState) {
        let scanned = finding(state).scanned(.notScanned(.tooLarge))

        #expect(scanned.state == .held)
        #expect(scanned.reasons.count == 2)
        #expect(scanned.reasons.first?.contains("larger than what the check for viruses takes") == true)
        #expect(scanned.presentation == .download)
    }

    @Test(arguments: [ScanResult.found(signature: "x"), .notScanned(.unreachable)])
    func `what is refused is refused all the same`(_ result: ScanResult) {
        #expect(finding(.refused).scanned(result) == finding(.refused))
    }

    private func finding(_ state: ArtefactState) -> Finding {
        let at = Date(timeIntervalSince1970: 0)
        return Finding(
            state: state, reasons: ["Why."], mimeType: "image/png", kind: .drawing, media: Media(),
            captured: CaptureDate(at: at, precision: .second, source: .received, confidence: .e, offset: 0))
    }
}
