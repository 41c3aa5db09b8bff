/// Tracks of a film that hold what its device measured as it went, by the
/// format of their samples.
///
/// Source: GoPro's GPMF; Google's CAMM; DJI's and Sony's films as ExifTool
/// reads them; QuickTime File Format and ISO/IEC 14496-12, timed metadata.
package enum MeasuringTracks {
    /// Those that have positions in them, or had if the device knew them.
    package static let ofPositions: Set<String> = ["gpmd", "camm", "djmd", "dbgi", "rtmd"]
    /// Those that say in their description what they hold.
    package static let described: Set<String> = ["mebx", "mett", "metx", "urim"]
    /// All of them; no picture or sound is in any.
    package static let all = ofPositions.union(described).union(["fdsc"])
}
