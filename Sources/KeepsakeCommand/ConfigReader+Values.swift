import Configuration

/// Values of the configuration, each checked as it is read.
extension ConfigReader {
    func number(
        _ key: ConfigKey, _ fallback: Int, in range: ClosedRange<Int>
    ) throws(SettingsError) -> Int {
        guard let text = string(forKey: key) ?? int(forKey: key).map(String.init) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                key: key.description, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number of bytes; `nil` for 0, which is no limit.
    func bytes(_ key: ConfigKey) throws(SettingsError) -> Int64? {
        let number = try number(key, 0, in: 0...(1 << 50))
        return number == 0 ? nil : Int64(number)
    }

    /// Up to an hour, in seconds.
    func seconds(_ key: ConfigKey, _ fallback: Duration) throws(SettingsError) -> Duration {
        .seconds(try number(key, Int(fallback.components.seconds), in: 1...3600))
    }

    func hours(_ key: ConfigKey, _ fallback: Duration) throws(SettingsError) -> Duration {
        .seconds(3600 * (try number(key, Int(fallback.components.seconds / 3600), in: 1...87_600)))
    }

    func choice(_ key: ConfigKey, _ fallback: Bool) throws(SettingsError) -> Bool {
        switch string(forKey: key) ?? bool(forKey: key).map(String.init) {
        case nil: return fallback
        case "true": return true
        case "false": return false
        default: throw SettingsError(key: key.description, expected: "true or false")
        }
    }
}
