internal import Artefacts

/// Where an artefact was made, for people. Nothing is loaded from elsewhere: a map would tell others the place.
struct LocationPage {
    let title = "Where it was made"
    let signedIn = true
    let hasScripts = false
    let fileName: String
    let place: String
    /// How high above the sea.
    let height: String?
    let source: String
    /// Where the story is.
    let story: String

    init(_ position: Position, of artefact: Artefact, _ child: ChildID?) {
        fileName = artefact.fileName.text
        place = Wording.position(position)
        height = position.altitude.map(Wording.altitude)
        source = Wording.source(position.source)
        story = child.map { "/children/\($0)" } ?? "/"
    }
}
