import Receiving
import Testing

@Suite struct UploadStateTests {
    @Test func `bytes are taken at the offset and nowhere else`() throws {
        var state = UploadState(length: 10, maximumSize: 100)
        try state.take(4)

        try state.mayAppend(at: 4, contentLength: 6)
        #expect(throws: UploadRefusal.offsetMismatch(expected: 4, provided: 3)) {
            try state.mayAppend(at: 3, contentLength: 1)
        }
        #expect(throws: UploadRefusal.offsetMismatch(expected: 4, provided: 5)) {
            try state.mayAppend(at: 5, contentLength: nil)
        }
    }

    @Test func `no more is taken than was announced`() throws {
        var state = UploadState(length: 10, maximumSize: 100)
        try state.take(10)

        #expect(state.hasAll)
        #expect(throws: UploadRefusal.beyondLength(10)) { try state.take(1) }
        #expect(throws: UploadRefusal.beyondLength(10)) { try state.mayAppend(at: 10, contentLength: .max) }
        #expect(state.offset == 10)
    }

    @Test func `an upload without a length ends at the limit, and is never complete by itself`() throws {
        var state = UploadState(length: nil, maximumSize: 5)
        try state.take(5)

        #expect(!state.hasAll)
        #expect(throws: UploadRefusal.tooLarge(maximum: 5)) { try state.take(1) }
    }

    @Test func `a length is said once, and then stays the same`() throws {
        var state = UploadState(length: nil, maximumSize: 100)
        try state.take(10)

        #expect(throws: UploadRefusal.lengthMismatch(known: 10, provided: 9)) { _ = try state.promise(length: 9) }
        #expect(throws: UploadRefusal.tooLarge(maximum: 100)) { _ = try state.promise(length: 101) }
        let isNews = try state.promise(length: 20)
        let isNewsAgain = try state.promise(length: 20)
        #expect(isNews)
        #expect(!isNewsAgain)
        #expect(throws: UploadRefusal.lengthMismatch(known: 20, provided: 21)) { _ = try state.promise(length: 21) }
        #expect(throws: UploadRefusal.lengthMismatch(known: 20, provided: 10)) { try state.mayEnd() }
    }
}
