import Artefacts
import Testing

/// Tags of RFC 5646, appendix A, and section 2.1.1 for how they are written.
@Suite struct LanguageTagTests {
    @Test(arguments: [
        ("de", "de"), ("FR", "fr"), ("en-gb", "en-GB"), ("zh-hant", "zh-Hant"), ("sr-CYRL", "sr-Cyrl"),
        ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"), ("cmn-Hans-CN", "cmn-Hans-CN"), ("zh-yue-HK", "zh-yue-HK"),
        ("sl-rozaj-biske", "sl-rozaj-biske"), ("de-CH-1901", "de-CH-1901"), ("sl-IT-nedis", "sl-IT-nedis"),
        ("hy-Latn-IT-arevela", "hy-Latn-IT-arevela"), ("es-419", "es-419"), ("de-CH-x-phonebk", "de-CH-x-phonebk"),
        ("az-Arab-x-AZE-derbend", "az-Arab-x-aze-derbend"), ("x-whatever", "x-whatever"),
        ("qaa-Qaaa-QM-x-southern", "qaa-Qaaa-QM-x-southern"), ("en-US-u-islamcal", "en-US-u-islamcal"),
        ("zh-CN-a-myext-x-private", "zh-CN-a-myext-x-private"), ("en-a-myext-b-another", "en-a-myext-b-another"),
        ("mn-cyrl-mn", "mn-Cyrl-MN"), ("cy", "cy"), ("sgn-ase", "sgn-ase"),
    ])
    func `a tag is written in its one form`(_ text: String, _ written: String) {
        #expect(LanguageTag(parsing: text)?.description == written)
    }

    @Test(arguments: [
        "", "e", "de-419-DE", "a-DE", "ar-a-aaa-b-bbb-a-ccc", "English, please", "English", "Urdu", "en_GB", "en-",
        "-en", "en--GB",
        "en-GB-", "x", "x-", "en-x", "en-a", "en-a-x-b", "i-klingon", "abcdefghi", "en-abcdefghi", "sl-rozaj-rozaj",
        "de-Latn-Cyrl", "żó", "en\n", "en GB", "12", "en-12", "en-" + String(repeating: "x-a", count: 30),
    ])
    func `what is no tag is not taken for one`(_ text: String) {
        #expect(LanguageTag(parsing: text) == nil)
    }
}
