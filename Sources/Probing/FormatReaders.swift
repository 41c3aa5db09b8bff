internal import Reading

/// Everything that knows a format, in the order in which it is asked: the first that knows the file decides.
///
/// What begins with a certain mark comes before what is only likely, and text is last.
enum FormatReaders {
    typealias Reader = @Sendable (_ file: FileBytes, _ head: [UInt8]) -> FormatFinding?

    /// Bytes of a file's beginning that each reader is given.
    static let headSize = 64 << 10

    private static let readers: [Reader] = [
        ProgramSignature.finding,
        JPEGMarkers.finding, PNGChunks.finding, GIFBlocks.finding, WebPImage.finding, BoxedPicture.finding,
        TIFFPages.finding, BitmapHeader.finding, PhotoshopDocument.finding, MediaBoxes.finding,
        ZipFile.finding, OldOffice.finding, OldSheet.finding, RichText.finding,
    ]
    private static let recordings: [Reader] = [
        SoundChunks.finding, LosslessFrames.finding, WindowsMedia.finding, MatroskaElements.finding, OggPages.finding,
        Dictation.finding,
        SoundFrames.finding, MPEGStreams.finding,
    ]
    private static let lastReaders: [Reader] = [BinarySignature.finding, PDFDocument.finding, TextFile.finding]

    /// What the first reader found that knows the file.
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        for reader in readers { if let finding = reader(file, head) { return finding } }
        for reader in recordings {
            if var finding = reader(file, head) {
                finding.isRecording = true
                return finding
            }
        }
        for reader in lastReaders { if let finding = reader(file, head) { return finding } }
        return nil
    }
}
