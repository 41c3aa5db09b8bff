import Artefacts
import Foundation
import Inspecting
import Sealing
import SystemPackage
import TestSupport
import Testing

/// What is said of a file of which the first bytes are there.
@Suite struct HeadTests {
    private let inspector = Inspector(keyring: .forTests())

    private func refusal(of head: [UInt8], named name: String) async throws -> Finding? {
        try await inspector.refusal(
            of: { Array(head.prefix($0)) }, named: FileName(declared: name), declared: nil)
    }

    @Test(arguments: [
        ("a.js", "alert(1)\n"), ("a.m3u8", "#EXTM3U\n"), ("a.bin", "#!/bin/sh\necho\n"), ("holiday.jpg", nil),
    ])
    func `what the policy refuses for its type or name is refused at once`(_ name: String, _ text: String?) async throws
    {
        let head = try text.map { Array($0.utf8) } ?? Samples.bytes("holiday.jpg")

        let finding = try await refusal(of: head, named: name)

        #expect(finding?.state == .refused)
        #expect(finding?.reasons.first?.contains("Please send") == true)
    }

    @Test func `what only the whole file can show is not said of its beginning`() async throws {
        let zeros = try await refusal(of: [UInt8](repeating: 0, count: 65_536), named: "a.exe")
        let photo = try await refusal(of: try Samples.bytes("photo.jpg"), named: "a.js")

        #expect(zeros == nil)
        #expect(photo == nil, "the content decides")
    }
}
