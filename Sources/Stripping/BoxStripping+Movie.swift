internal import Reading

extension BoxStripping {
    /// What stays in each box that holds others; the content of `nil` is looked at no further.
    private static let known: [String: Set<String>] = [
        "moov": ["mvhd", "trak", "mvex"],
        "mvex": ["mehd", "trex", "trep"],
        "trak": ["tkhd", "edts", "tref", "trgr", "mdia", "tapt", "load", "clip"],
        "edts": ["elst"],
        "mdia": ["mdhd", "hdlr", "minf", "elng"],
        "minf": ["vmhd", "smhd", "hmhd", "nmhd", "sthd", "gmhd", "hdlr", "dinf", "stbl"],
        "dinf": ["dref"],
        "stbl": [
            "stsd", "stts", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64", "stss", "stsh", "stps", "padb",
            "stdp", "sdtp", "sbgp", "sgpd", "subs", "saiz", "saio",
        ],
        "moof": ["mfhd", "traf"],
        "traf": ["tfhd", "trun", "tfdt", "sdtp", "sbgp", "sgpd", "subs", "saiz", "saio", "senc"],
    ]

    /// Who reads samples as pictures or sound; `auxv` is transparency or depth.
    private static let seenOrHeard = ["vide", "soun", "auxv", "pict"]

    mutating func takeMovie(_ movie: Box) throws(StrippingError) {
        for box in try Box.all(file, in: movie.body) {
            if box.type == "trak" {
                try takeTrack(box)
            } else if box.type == "cmov" || box.type == "rmra" {
                throw .notUnderstood("a compressed or a referring movie")
            } else {
                try strip(box, in: movie.type)
            }
        }
    }

    mutating func takeFragment(_ fragment: Box) throws(StrippingError) {
        for box in try Box.all(file, in: fragment.body) {
            try strip(box, in: "moof")
            guard box.type == "traf" else { continue }
            let header = try Box.all(file, in: box.body).first { $0.type == "tfhd" }
            guard let header, tracks.contains(try file.exactly(at: header.content, count: 8).number(4)) else {
                throw .notUnderstood("a fragment of an unknown track")
            }
        }
    }

    private mutating func takeTrack(_ track: Box) throws(StrippingError) {
        let samples = try TrackSamples(file, track: track)
        guard Self.seenOrHeard.contains(samples.reader), !samples.isMetadata else {
            leavesTracksOut = true
            // Its samples are zeroed as all that no other track speaks of;
            // those that are found must not be another track's as well.
            gone += (try? samples.ranges()) ?? []
            edits.free(track)
            return
        }
        tracks.insert(samples.number)
        try keep(try samples.ranges())
        try strip(track, in: "moov")
    }

    private mutating func strip(_ box: Box, in parent: String) throws(StrippingError) {
        guard let known = Self.known[parent], known.contains(box.type) else {
            edits.free(box)
            return
        }
        if Self.known[box.type] != nil {
            for child in try Box.all(file, in: box.body) { try strip(child, in: box.type) }
            return
        }
        guard try BoxSize(file, box).isExact else { throw .notUnderstood("a box of another size than its content") }
        switch box.type {
        // The reader's name is the maker's.
        case "hdlr" where box.body.count > 24: edits.replace(box.content + 24..<box.end)
        case "dref": try stripReferences(box)
        default: break
        }
    }

    /// References say where else data may be: names of disks and files.
    private mutating func stripReferences(_ box: Box) throws(StrippingError) {
        guard box.body.count >= 8 else { throw .notUnderstood("a list of references") }
        for reference in try Box.all(file, in: box.content + 8..<box.end) {
            guard reference.body.count >= 4, try file.exactly(at: reference.content, count: 4)[3] & 1 == 1 else {
                throw .notUnderstood("data that is in another file")
            }
            edits.replace(reference.content + 4..<reference.end)
        }
    }
}
