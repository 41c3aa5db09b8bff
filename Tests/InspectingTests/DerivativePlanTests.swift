import Artefacts
import Inspecting
import Testing

@Suite struct DerivativePlanTests {
    struct Plan: Sendable, CustomTestStringConvertible {
        let type: MediaType
        var codecs: [String] = []
        var hasLocation = false
        let kinds: [DerivativeKind]
        var testDescription: String { "\(type) \(codecs)" }
    }

    @Test(
        arguments: [
            Plan(type: "image/png", kinds: [.thumbnail, .poster]),
            Plan(type: "image/jpeg", hasLocation: true, kinds: [.thumbnail, .poster, .withoutLocation]),
            Plan(type: "image/heic", kinds: [.thumbnail, .poster, .preview]),
            Plan(type: "image/tiff", kinds: [.thumbnail, .poster, .preview]),
            Plan(type: "image/svg+xml", kinds: [.thumbnail, .poster]),
            Plan(type: "video/mp4", codecs: ["h264", "aac"], kinds: [.thumbnail, .poster]),
            Plan(type: "video/mp4", codecs: ["hevc", "aac"], kinds: [.thumbnail, .poster, .preview]),
            Plan(
                type: "video/quicktime", codecs: ["h264", "aac"], hasLocation: true,
                kinds: [.thumbnail, .poster, .preview, .withoutLocation]),
            Plan(type: "video/webm", codecs: ["vp9", "opus"], kinds: [.thumbnail, .poster]),
            Plan(type: "video/3gpp", codecs: ["h263", "amr_nb"], kinds: [.thumbnail, .poster, .preview]),
            Plan(type: "audio/mpeg", codecs: ["mp3"], kinds: [.waveform, .waveformPicture]),
            Plan(type: "audio/mp4", codecs: ["alac"], kinds: [.waveform, .waveformPicture, .preview]),
            Plan(type: "audio/amr", codecs: ["amr_nb"], kinds: [.waveform, .waveformPicture, .preview]),
            Plan(type: "audio/ogg", codecs: ["opus"], kinds: [.waveform, .waveformPicture, .preview]),
            Plan(type: "application/pdf", kinds: [.thumbnail, .poster, .text]),
            Plan(type: "application/x-procreate", kinds: [.thumbnail, .poster]),
            Plan(type: "image/openraster", kinds: [.thumbnail, .poster]),
            Plan(type: "application/vnd.apple.pages", kinds: [.thumbnail, .poster]),
            Plan(type: "application/vnd.oasis.opendocument.text", kinds: [.thumbnail, .poster, .text]),
            Plan(
                type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", kinds: [.text]),
            Plan(type: "text/plain", kinds: [.text]),
            Plan(type: "message/rfc822", kinds: [.text]),
            Plan(type: "application/vnd.ms-outlook", kinds: [.text]),
            Plan(type: "application/zip", kinds: [.text]),
            Plan(type: "application/octet-stream", kinds: []),
        ])
    func `a file gets the derivatives that make sense`(_ plan: Plan) {
        let media = Media(codecs: plan.codecs, hasLocation: plan.hasLocation)

        #expect(DerivativePlan.kinds(for: plan.type, media: media) == plan.kinds)
    }
}
