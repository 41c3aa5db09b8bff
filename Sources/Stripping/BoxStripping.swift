internal import Reading

/// Leaves of a film, a recording or a HEIF picture its tracks and pictures.
///
/// Every byte stays at its place, so that no offset changes: a box that is not
/// needed becomes a `free` box of zeros. Of the data, only what belongs to a
/// picture, to sound or to a picture's parts stays; all else is zeroed, tracks
/// of positions among it.
///
/// Source: ISO/IEC 14496-12; QuickTime File Format; ISO/IEC 23008-12 (HEIF).
struct BoxStripping {
    let file: FileBytes
    var edits = InPlaceEdits()
    /// Samples and items that stay.
    private var kept: [Range<Int64>] = []
    /// Samples and items that go, where they could be found.
    var gone: [Range<Int64>] = []
    /// Items that have something of ours in their place.
    var replaced: [Range<Int64>] = []
    /// The numbers of tracks that stay.
    var tracks: Set<UInt32> = []
    /// Whether a track goes.
    var leavesTracksOut = false
    private var data: [Range<Int64>] = []
    private var isFragmented = false

    private static let untouched: Set<String> = ["styp", "sidx", "ssix", "mfra", "pdin"]
    private static let empty: Set<String> = ["free", "skip", "wide"]
    private static let maximumBoxes = 200_000
    private static let maximumRanges = 4_000_000

    init(_ file: FileBytes) { self.file = file }

    consuming func plan() throws(StrippingError) -> CopyPlan {
        let boxes = try Box.all(file, in: 0..<file.size, atMost: Self.maximumBoxes)
        isFragmented = boxes.contains { $0.type == "moof" }
        // The movie comes first: fragments speak of its tracks.
        for box in boxes where box.type == "moov" { try takeMovie(box) }
        for box in boxes where box.type != "moov" { try take(box) }
        guard !kept.isEmpty || (isFragmented && !tracks.isEmpty) else {
            throw .notUnderstood("no picture and no sound")
        }
        if isFragmented {
            guard !leavesTracksOut else { throw .notUnderstood("fragments with other tracks than picture and sound") }
        } else {
            try zeroTheRest()
        }
        return try edits.plan(size: file.size)
    }

    private mutating func take(_ box: Box) throws(StrippingError) {
        switch box.type {
        case "ftyp":
            guard box.body.count <= 1024 else { throw .notUnderstood("a list of brands") }
        case "mdat": data.append(box.body)
        case "moof": try takeFragment(box)
        case "meta": try takeMeta(box)
        case _ where Self.empty.contains(box.type): edits.replace(box.body)
        case _ where Self.untouched.contains(box.type): break
        default: edits.free(box)
        }
    }

    /// Keeps samples or items.
    mutating func keep(_ ranges: [Range<Int64>]) throws(StrippingError) {
        guard kept.count + ranges.count <= Self.maximumRanges else { throw .notUnderstood("too many pieces") }
        kept += ranges
    }

    /// Data of items may also stand inside of `meta`.
    mutating func addData(_ range: Range<Int64>) { data.append(range) }

    private mutating func zeroTheRest() throws(StrippingError) {
        let staying = ByteRanges(kept)
        guard !staying.overlaps(ByteRanges(gone)) else {
            throw .notUnderstood("pictures that share their place with metadata")
        }
        let done = ByteRanges(kept + replaced)
        for range in data {
            for gap in done.gaps(in: range) { edits.replace(gap) }
        }
    }
}
