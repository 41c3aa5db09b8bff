internal import Artefacts
internal import Linking
internal import NIOCore

/// Who did what with the story, and when: the journal as PREMIS events.
///
/// Source: PREMIS Data Dictionary 3.0; the order of elements is that of its schema.
struct EventList {
    let child: ChildID
    let catalogue: any Catalogue

    /// Records read at once.
    private static let pageSize = 500

    /// Writes `data/events.xml`, a page of the journal at a time.
    func write(into bag: inout BagWriter) async throws {
        var file = try await bag.begin("events.xml")
        try await file.append(ByteBuffer(string: Self.beginning(about: child)))
        var last: Int64 = 0
        while true {
            let records = try await catalogue.journal(about: child, after: last, limit: Self.pageSize)
            guard let end = records.last?.sequence else { break }
            last = end
            try await file.append(ByteBuffer(string: records.map(Self.element).joined()))
        }
        try await file.append(ByteBuffer(string: "</premis>\n"))
        try await bag.keep(file)
    }

    /// The schema wants an object before the events: the story itself.
    static func beginning(about child: ChildID) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
        version="3.0">
          <object xsi:type="intellectualEntity">
            <objectIdentifier>
              <objectIdentifierType>child</objectIdentifierType>
              <objectIdentifierValue>\(child)</objectIdentifierValue>
            </objectIdentifier>
          </object>

        """
    }

    /// One record of the journal.
    static func element(_ record: JournalRecord) -> String {
        let event = record.event
        return """
              <event>
                <eventIdentifier>
                  <eventIdentifierType>journal sequence</eventIdentifierType>
                  <eventIdentifierValue>\(record.sequence)</eventIdentifierValue>
                </eventIdentifier>
                <eventType>\(event.act.rawValue)</eventType>
                <eventDateTime>\(Instant.text(of: event.at))</eventDateTime>
                <eventDetailInformation>
                  <eventDetail>\(Markup.escaped(event.act.sentence))</eventDetail>
                </eventDetailInformation>
                <eventDetailInformation>
                  <eventDetail>journal record \(record.digest)</eventDetail>
                </eventDetailInformation>
                <linkingAgentIdentifier>
                  <linkingAgentIdentifierType>credential</linkingAgentIdentifierType>
                  <linkingAgentIdentifierValue>\(Markup.escaped(event.actor))</linkingAgentIdentifierValue>
                </linkingAgentIdentifier>
                <linkingObjectIdentifier>
                  <linkingObjectIdentifierType>\(event.act.subject)</linkingObjectIdentifierType>
                  <linkingObjectIdentifierValue>\(Markup.escaped(event.subject))</linkingObjectIdentifierValue>
                </linkingObjectIdentifier>
              </event>

            """
    }
}
