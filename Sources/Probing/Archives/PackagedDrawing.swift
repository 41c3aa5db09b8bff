internal import Artefacts

/// Drawings of Procreate, Krita and other programs, which are a ZIP with a picture of the whole in it.
enum PackagedDrawing {
    static func finding(_ members: ZipMembers) -> FormatFinding? {
        switch members.zip.declaredType {
        case "application/x-krita": return FormatFinding("application/x-krita", puid: "fmt/999")
        case "image/openraster": return FormatFinding("image/openraster", puid: "fmt/998")
        default: break
        }
        // PRONOM has no entry for it.
        return members.member("Document.archive") != nil && members.member("QuickLook/Thumbnail.png") != nil
            ? FormatFinding("application/x-procreate") : nil
    }
}
