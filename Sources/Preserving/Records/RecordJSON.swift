internal import Artefacts
internal import FoundationEssentials
internal import Linking
internal import Storing

/// How records are written: JSON, keys sorted, instants in milliseconds since
/// 1970-01-01 00:00 UTC, as the index has them.
enum RecordJSON {
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Int64((date.timeIntervalSince1970 * 1000).rounded()))
        }
        return Array(try encoder.encode(value))
    }

    static func value<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            Date(timeIntervalSince1970: Double(try decoder.singleValueContainer().decode(Int64.self)) / 1000)
        }
        return try decoder.decode(type, from: Data(bytes))
    }
}

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
