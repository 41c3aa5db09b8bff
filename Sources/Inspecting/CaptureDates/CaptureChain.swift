internal import Artefacts
internal import InspectionWire

/// The sources of a date, best first, for each kind of artefact.
///
/// Source: EXIF 2.32; ISO/IEC 14496-12 (mvhd); Apple QuickTime metadata keys; EBU Tech 3285; and what
/// field reports of photo libraries say of each.
enum CaptureChain {
    static func sources(for kind: ArtefactKind) -> [CaptureDate.Source] {
        switch kind {
        case .photo, .drawing:
            [
                .exifOriginal, .xmpOriginal, .exifDigitised, .xmpCreation, .positionTime, .pngCreation, .fileName,
                .exifModified, .clientModified,
            ]
        case .video:
            [
                .quickTimeKeys, .makerOriginal, .xmpOriginal, .containerCreation, .xmpCreation, .fileName,
                .clientModified,
            ]
        case .audio:
            [
                .quickTimeKeys, .containerCreation, .bextOrigination, .audioTag, .fileName, .clientModified,
            ]
        case .document, .message: [.mailSent, .xmpCreation, .documentCreation, .fileName, .clientModified]
        }
    }

    /// How far a date can be trusted; of a movie's header ``MovieClock`` decides.
    static func confidence(in date: DateEvidence) -> CaptureDate.Confidence {
        switch date.source {
        case .exifOriginal, .quickTimeKeys: date.offset == nil ? .b : .a
        // Of a scanner it is the date of the copy.
        case .exifDigitised: date.meaning == .digitised ? .c : .b
        case .xmpOriginal, .positionTime, .makerOriginal, .bextOrigination, .mailSent: .b
        case .xmpCreation, .pngCreation, .containerCreation, .documentCreation: .c
        case .fileName, .audioTag: [.second, .minute].contains(date.precision) ? .c : .d
        case .exifModified, .documentModification, .clientModified: .d
        case .person: .a
        case .received: .e
        }
    }
}
