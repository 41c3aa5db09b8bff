internal import CXML
internal import Glibc

extension ExtractedText {
    /// Has the libraries do what they do only once, such as to register their
    /// types, before the process confines itself.
    ///
    /// PDFs that name a character map of poppler-data instead of having one
    /// inside still lose the text in it: a confined process cannot open maps.
    package static func warmUp() {
        // For the dates of members, which libzip turns into local time.
        tzset()
        xmlInitParser()
        var text = CleanText()
        // Nothing is lost where it fails: the text is of no use.
        try? PDFText.append(page, to: &text)
        PDFText.holdLibrary(with: page)
        HTMLText.append(html: "<p>&eacute;</p>", to: &text)
    }

    /// A page with a word on it.
    ///
    /// Source: ISO 32000-1, section 7.5 (a file may lack its cross-references; poppler then looks for objects).
    private static let page = Array(
        """
        %PDF-1.4
        1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
        4 0 obj <</Length 27>> stream
        BT /F 9 Tf 9 9 Td (a) Tj ET
        endstream endobj
        5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>> endobj
        trailer <</Root 1 0 R>>
        %%EOF
        """.utf8)
}
