import Artefacts
import Foundation
import InspectionWire
import Playing
import Probing
import Reading

// Looks at files without confinement: to see what is found in them, or in changed ones.
//
//     ProbeFuzz report FILE…
//     ProbeFuzz fuzz SEED FIRST LAST PLACE FILE…   looks at the mutations FIRST..<LAST; PLACE holds the current number
//     ProbeFuzz mutate SEED NUMBER FILE…           writes one mutation to standard output
//     ProbeFuzz time COUNT FILE                    milliseconds of CPU for each look

func bytes(_ path: String) -> [UInt8] { (try? Data(contentsOf: URL(fileURLWithPath: path))).map { Array($0) } ?? [] }

func look(_ probe: borrowing FileProbe, at bytes: [UInt8]) -> InspectionReport? {
    FileBytes(sealing: bytes).flatMap { try? probe.report(on: $0) }
}

func line(_ name: String, _ report: InspectionReport?) -> String {
    guard let report else { return "\(name)\tno report" }
    let whole =
        switch report.wholeness {
        case .whole: "whole"
        case .unknown: "unknown"
        case .damaged(let evidence): "damaged: \(evidence)"
        }
    let media = report.media
    let size = media.width.map { "\($0)x\(media.height ?? 0)" } ?? "-"
    let more =
        "\(size) \(media.duration.map { "\(($0 * 100).rounded() / 100)s" } ?? "-") \(media.pages.map { "\($0)p" } ?? "-") \(media.codecs.joined(separator: "+"))"
    return [
        name, report.mimeType.description, report.puid?.description ?? "-", whole,
        report.features.map(\.rawValue).joined(separator: ","), more, report.magicMimeType.description,
    ].joined(separator: "\t")
}

let arguments = Array(CommandLine.arguments.dropFirst())
let probe = try FileProbe(player: .libav())
probe.warmUp()
switch arguments.first {
case "report":
    for path in arguments.dropFirst() {
        print(line(path.split(separator: "/").last.map(String.init) ?? path, look(probe, at: bytes(path))))
    }
case "fuzz":
    let samples = arguments.dropFirst(5).map(bytes)
    guard let seed = UInt64(arguments[1]), let first = UInt64(arguments[2]), let last = UInt64(arguments[3]) else {
        exit(64)
    }
    let place = open(arguments[4], O_WRONLY)
    var most = 0
    for number in first..<last {
        let text = Array("\(number) ".utf8)
        _ = pwrite(place, text, text.count, 0)
        let start = clock()
        _ = look(probe, at: Mutation(seed: seed, number: number).bytes(of: samples))
        let spent = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        if usage.ru_maxrss > most * 5 / 4, usage.ru_maxrss > 150 << 10 {
            most = usage.ru_maxrss
            print("large, \(most >> 10) MiB: ProbeFuzz mutate \(seed) \(number)")
        }
        if spent > 2 { print("slow, \(spent) s: ProbeFuzz mutate \(seed) \(number)") }
    }
case "mutate":
    guard let seed = UInt64(arguments[1]), let number = UInt64(arguments[2]) else { exit(64) }
    FileHandle.standardOutput.write(
        Data(Mutation(seed: seed, number: number).bytes(of: arguments.dropFirst(3).map(bytes))))
case "time":
    guard let count = Int(arguments[1]), let file = FileBytes(sealing: bytes(arguments[2])) else { exit(64) }
    let start = clock()
    for _ in 0..<count { _ = try probe.report(on: file) }
    print("\(Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(count) * 1000) ms")
default: exit(64)
}
