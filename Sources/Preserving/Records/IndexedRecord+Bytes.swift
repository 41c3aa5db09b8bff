internal import Artefacts
internal import Linking
internal import Storing

extension IndexedRecord {
    /// The written form.
    var bytes: [UInt8] {
        get throws {
            switch self {
            case .child(let child): try RecordJSON.bytes(of: ChildRecord(child))
            case .artefact(let history): try RecordJSON.bytes(of: ArtefactRecord(history))
            case .refusal(let refusal): try RecordJSON.bytes(of: RefusalRecord(refusal))
            }
        }
    }

    /// Reads the written form; `nil` if it is none, or of another thing than its name says.
    init?(_ kind: Kind, id: String, _ bytes: [UInt8]) {
        switch kind {
        case .child:
            guard let record = try? RecordJSON.value(ChildRecord.self, from: bytes), record.id.description == id
            else { return nil }
            self = .child(record.child)
        case .artefact:
            guard let record = try? RecordJSON.value(ArtefactRecord.self, from: bytes), record.id.description == id
            else { return nil }
            self = .artefact(record.history)
        case .refusal:
            guard let record = try? RecordJSON.value(RefusalRecord.self, from: bytes),
                record.upload.description == id
            else { return nil }
            self = .refusal(record.refusal)
        }
    }
}
