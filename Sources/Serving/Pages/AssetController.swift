internal import Artefacts
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/assets`: the scripts, styles and pictures of the pages.
struct AssetController {
    private struct Asset {
        let type: String
        let bytes: ByteBuffer
        let entityTag: String
    }

    private let assets: [String: Asset]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png",
    ]

    /// Reads all assets into memory; there are few, and they are small.
    init() throws {
        var assets: [String: Asset] = [:]
        let folder = Bundle.module.bundleURL.appending(path: "Assets")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard let type = Self.types[file.pathExtension] else { continue }
            let bytes = ByteBuffer(bytes: try Data(contentsOf: file))
            assets[file.lastPathComponent] = Asset(
                type: type, bytes: bytes,
                entityTag: "\"\(Authentication.digest(of: String(buffer: bytes)).hex.prefix(16))\"")
        }
        self.assets = assets
    }

    func add(to routes: some RouterMethods<RequestScope>) {
        routes.get("/assets/{name}") { request, scope in
            guard let asset = scope.parameters.get("name").flatMap({ assets[$0] }) else { throw Problem.notFound }
            let headers: HTTPFields = [
                .contentType: asset.type, .eTag: asset.entityTag, .cacheControl: "no-cache",
            ]
            if request.headers[.ifNoneMatch] == asset.entityTag {
                return Response(status: .notModified, headers: headers)
            }
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
        }
    }
}
