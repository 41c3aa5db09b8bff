internal import InspectionWire
internal import Reading

/// What several kinds are made of, read once.
final class Sources {
    let stills: Stills
    private let file: FileBytes
    private var heard: Result<Waveform, RenderingError>?

    init(_ file: FileBytes, _ order: RenderOrder) {
        self.file = file
        stills = Stills(file, order)
    }

    func waveform() throws(RenderingError) -> Waveform {
        let result = heard ?? Result { [file] () throws(RenderingError) in try Waveform(of: file) }
        heard = result
        return try result.get()
    }
}
