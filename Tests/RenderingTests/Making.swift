import Artefacts
import InspectionWire
import Reading
import TestSupport
import Testing

@testable import Rendering

/// What was made of a file: for each kind its type and bytes, or why there is nothing.
struct Made: Equatable {
    struct Failure: Error, Equatable { let reason: String }

    private(set) var results: [DerivativeKind: Result<[UInt8], Failure>] = [:]
    private(set) var types: [DerivativeKind: MediaType] = [:]
    private(set) var isFinished = false

    /// Makes derivatives here, without a process of their own.
    init(_ kinds: [DerivativeKind], of bytes: [UInt8], as type: MediaType, media: Media = Media()) throws {
        try Self.libraries.get()
        let file = try #require(FileBytes(sealing: bytes))
        var frames: [RenderFrame] = []
        try DerivativeMaker { frames.append($0) }
            .make(RenderOrder(mimeType: type, kinds: kinds, media: media), of: file)
        for frame in frames { take(frame) }
    }

    /// The bytes of a derivative.
    func bytes(_ kind: DerivativeKind) throws -> [UInt8] { try #require(results[kind]).get() }

    private var current: DerivativeKind?

    private mutating func take(_ frame: RenderFrame) {
        switch frame {
        case .began(let kind, let type):
            current = kind
            types[kind] = type
            results[kind] = .success([])
        case .bytes(let piece):
            guard let current, case .success(let bytes) = results[current] else { return }
            results[current] = .success(bytes + piece)
        case .ended: current = nil
        case .failed(let kind, let reason): results[kind] = .failure(Failure(reason: reason))
        case .finished: isFinished = true
        }
    }

    private static let libraries = Result { try DerivativeMaker.warmUp() }
}

extension Picture {
    /// Reads a picture that was made.
    init(reading bytes: [UInt8], _ type: MediaType = "image/webp") throws {
        let file = try #require(FileBytes(sealing: bytes))
        self = try PictureDecoder.picture(in: file, type: type, side: 100_000)
    }

    /// Red, green, blue and perhaps alpha.
    func pixel(_ x: Int, _ y: Int) -> [Int] {
        pixels[(y * width + x) * bands..<(y * width + x + 1) * bands].map { Int($0) }
    }

    /// The largest difference between the same places of two pictures.
    func difference(from other: Picture) -> Int {
        zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
}
