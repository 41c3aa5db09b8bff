internal import Artefacts

/// Programs that are a ZIP: of Android, of Java, of Windows.
enum PackagedProgram {
    static func finding(_ members: ZipMembers) -> FormatFinding? {
        let names = Set(members.zip.names)
        if names.contains("AndroidManifest.xml") {
            return FormatFinding("application/vnd.android.package-archive", puid: "fmt/2041")
        }
        if names.contains("META-INF/MANIFEST.MF") || names.contains(where: { $0.hasSuffix(".class") }) {
            return FormatFinding("application/java-archive", puid: "x-fmt/412")
        }
        return names.contains("AppxManifest.xml") ? FormatFinding("application/vnd.ms-appx") : nil
    }
}
