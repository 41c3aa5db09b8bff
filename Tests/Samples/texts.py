#!/usr/bin/env python3
"""Makes Tests/Samples/texts: called by make.sh, which says what is needed.

What a reader sees holds "Amira" or "dog"; what must not be found holds "SECRET".
"""
import datetime
import pathlib
import struct
import subprocess
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

from compound import compound
from fpdf import FPDF

folder = pathlib.Path(__file__).parent / "texts"
folder.mkdir(exist_ok=True)
when = datetime.datetime(2026, 6, 5, 9, 0, tzinfo=datetime.timezone.utc)


def pack(name, members):
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            info = zipfile.ZipInfo(member, (2026, 6, 5, 9, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if member == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


letter = FPDF()
letter.set_creation_date(when)
letter.set_author("SECRET author")
for page in ("Dear Zoë,\n\nYou told me about the dog in the park.", "Second page, for Amira."):
    letter.add_page()
    letter.set_font("Helvetica", size=20)
    letter.multi_cell(0, 12, page)
letter.output(folder / "letter.pdf")
for password, name in (("", "owner.pdf"), ("open sesame", "locked.pdf")):
    subprocess.run(["qpdf", "--static-id", "--static-aes-iv", "--allow-weak-crypto", "--encrypt", password, "owner",
                    "128", "--use-aes=y", "--", folder / "letter.pdf", folder / name], check=True)

xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
             '{}</Relationships>')
kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
pack("letter.docx", {
    "[Content_Types].xml": xml + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "docProps/core.xml": xml + "<coreProperties><creator>SECRET author</creator></coreProperties>",
    "word/document.xml": xml + f'''<w:document {w} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>
<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="100"/></w:tabs></w:pPr><w:r><w:t>Dear Zoë &amp; Amira,</w:t></w:r></w:p>
<w:p/><w:p><w:r><w:t xml:space="preserve">You told me </w:t></w:r><w:ins><w:r><w:t>about the dog</w:t></w:r></w:ins>
<w:del><w:r><w:delText>SECRET deleted</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET hidden</w:t></w:r><w:r><w:br/><w:t>in the park.</w:t></w:r></w:p>
<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Once.</w:t></mc:Choice><mc:Fallback><w:t>SECRET twice</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell one</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>cell two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>''',
    "word/comments.xml": xml + f"<w:comments {w}><w:comment><w:p><w:r><w:t>SECRET comment</w:t></w:r></w:p></w:comment></w:comments>",
    "word/footnotes.xml": xml + f"<w:footnotes {w}><w:footnote><w:p><w:r><w:t>A note on dogs.</w:t></w:r></w:p></w:footnote></w:footnotes>",
    "word/header1.xml": xml + f"<w:hdr {w}><w:p><w:r><w:t>Letterhead</w:t></w:r></w:p></w:hdr>",
})
pack("entity.docx", {"word/document.xml": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY a "SECRET">]>'
                     f"<w:document {w}><w:p><w:r><w:t>&x;&a;</w:t></w:r></w:p></w:document>"})
s = ('xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
     'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
pack("visits.xlsx", {
    "xl/workbook.xml": xml + f'<workbook {s}><sheets><sheet name="Visits" sheetId="2" r:id="rId7"/>'
    '<sheet name="SECRET sheet" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": xml + relations.format(
        f'<Relationship Id="rId1" Type="{kind}worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId7" Type="{kind}worksheet" Target="/xl/worksheets/sheet2.xml"/>'),
    "xl/sharedStrings.xml": xml + f"<sst {s}><si><t>Who</t></si><si><r><t>Ami</t></r><r><t>ra</t></r>"
    "<rPh><t>SECRET</t></rPh></si></sst>",
    "xl/worksheets/sheet1.xml": xml + f'<worksheet {s}><sheetData><row><c t="inlineStr"><is><t>SECRET</t></is></c></row></sheetData></worksheet>',
    "xl/worksheets/sheet2.xml": xml + f'<worksheet {s}><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>How many dogs</t></is></c></row>'
    '<row><c r="A2" t="s"><v>1</v></c><c r="B2"><f>1+2</f><v>3</v></c><c r="C2" t="s"><v>99</v></c></row></sheetData></worksheet>',
})
p = ('xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
     'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
     'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')


def slide(text, more=""):
    return xml + f"<p:sld {p} {more}><p:cSld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:cSld></p:sld>"


pack("talk.pptx", {
    "ppt/presentation.xml": xml + f'<p:presentation {p}><p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
    '<p:sldId id="257" r:id="rId1"/><p:sldId id="258" r:id="rId3"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": xml + relations.format("".join(
        f'<Relationship Id="rId{n}" Type="{kind}slide" Target="slides/slide{n}.xml"/>' for n in (1, 2, 3))),
    "ppt/slides/slide1.xml": slide("Then the dog"), "ppt/slides/slide2.xml": slide("First Amira"),
    "ppt/slides/slide3.xml": slide("SECRET slide", 'show="0"'),
    "ppt/notesSlides/notesSlide1.xml": slide("SECRET notes"),
})
o = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
     'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
     'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
     'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
     'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
     'xmlns:dc="http://purl.org/dc/elements/1.1/"')
manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'


def open_document(name, kind, body, entry=""):
    pack(name, {"mimetype": f"application/vnd.oasis.opendocument.{kind}",
                "content.xml": xml + f"<office:document-content {o}><office:body>{body}</office:body></office:document-content>",
                "META-INF/manifest.xml": xml + manifest.format(entry)})


open_document("letter.odt", "text", "<office:text><text:tracked-changes><text:p>SECRET deleted</text:p></text:tracked-changes>"
              "<text:h>Dear Amira</text:h><text:p>You told<text:s/>me<office:annotation><dc:creator>SECRET</dc:creator>"
              "<text:p>SECRET comment</text:p></office:annotation> about<text:line-break/>the dog.</text:p></office:text>")
open_document("visits.ods", "spreadsheet", "<office:spreadsheet><table:table><table:table-row><table:table-cell><text:p>Amira</text:p>"
              "</table:table-cell><table:table-cell><text:p>3 dogs</text:p></table:table-cell></table:table-row>"
              "<table:table-row><table:table-cell><text:p>Zoë</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>")
open_document("talk.odp", "presentation", "<office:presentation><draw:page><draw:text-box><text:p>First Amira</text:p></draw:text-box>"
              "<presentation:notes><text:p>SECRET notes</text:p></presentation:notes></draw:page>"
              "<draw:page><text:p>Then the dog</text:p></draw:page></office:presentation>")
open_document("locked.odt", "text", "no XML", '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>')

plain = "Dear Zoë,\r\n\r\n\r\n\r\nyou \u202etold\u202c me   about\tthe “dog”.\r\n"
(folder / "utf8.txt").write_bytes(plain.encode("utf-8-sig"))
(folder / "utf16.txt").write_bytes(plain.encode("utf-16"))
(folder / "utf16be.txt").write_bytes(plain.encode("utf-16-be"))
(folder / "cp1252.txt").write_bytes(plain.replace("\u202e", "").replace("\u202c", "").encode("cp1252"))
(folder / "visits.csv").write_text("who,dogs\nAmira,3\n")
(folder / "captions.vtt").write_text("\ufeffWEBVTT - SECRET\n\nNOTE SECRET\nmore SECRET\n\nSECRET-id\n00:01.000 --> 00:02.000 align:left\n"
                                     "<v Sam>I saw</v> a dog.\n\n00:03.000 --> 00:04.000\nAmira laughed.\n")
(folder / "captions.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n<i>I saw</i> a dog.\n\n2\n00:00:03,000 --> 00:00:04,000\nAmira laughed.\n")
(folder / "letter.rtf").write_bytes(
    br"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset238 Arial CE;}}"
    br"{\info{\author SECRET}}{\*\generator SECRET;}\pard Dear Zo\'eb \u8220\'93you\u8221\'94,\par" b"\r\n"
    br"{\f1 \'a3ukasz} told me\tab about {\deleted SECRET}{\v SECRET}the dog \u-10179?\u-8704?.{\field{\*\fldinst HYPERLINK SECRET}"
    br"{\fldrslt link}}{\pict\bin4 {}{}SECRET}{\*\annotation SECRET}\par}")

mail = EmailMessage(policy=SMTP)
mail["From"] = "Zoë Example <zoe@example.org>"
mail["To"] = "Amira <amira@example.org>"
mail["Date"] = when
mail["Subject"] = "The dög in the park, and everything else that we saw there on that long and sunny day in May"
mail["X-Mailer"] = "SECRET"
mail.set_content("Dear Amira,\n\nthe dog says “wüff”. " + "A long line. " * 10 + "\n", cte="quoted-printable")
mail.add_alternative("<html><head><title>SECRET</title></head><body><p>SECRET form</p></body></html>", subtype="html")
mail.add_attachment(b"\xff\xd8\xff SECRET", maintype="image", subtype="jpeg", filename="dög.jpg")
inner = EmailMessage(policy=SMTP)
inner["Subject"] = "Inner subject"
inner.set_content("Inner text about a dog.", cte="base64")
mail.add_attachment(inner)
mail.set_boundary("=outer")
mail.get_payload()[0].set_boundary("=inner")
(folder / "letter.eml").write_bytes(mail.as_bytes())
html = EmailMessage(policy=SMTP)
html["From"] = "Sam <sam@example.org>"
html["Subject"] = "HTML only"
html.set_content("<html><head><style>SECRET</style></head><body><script>SECRET</script><h1>Dear&nbsp;Amira</h1>"
                 "<p>You told me<br>about <b>the</b>\n dog &amp; Zoë.</p><table><tr><td>one</td><td>two</td></tr></table>",
                 subtype="html", charset="iso-8859-1")
(folder / "html.eml").write_bytes(html.as_bytes())
pack("photos.zip", {"photos/dog.jpg": b"x" * 1234, "photos/Zoë.txt": b"SECRET"})


def properties(header, **values):
    """The properties of fixed size, by number and type. [MS-OXMSG] 2.4"""
    return bytes(header) + b"".join(
        struct.pack("<II", int(tag.removeprefix("x"), 16), 6) + value.ljust(8, b"\0") for tag, value in values.items())


def wide(path, **texts):
    return [(f"{path}__substg1.0_{tag.removeprefix('x')}001F", text.encode("utf-16-le")) for tag, text in texts.items()]


sent = struct.pack("<Q", int((when - datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds()) * 10**7)
# As [MS-OXRTFCP] 4.1.1 packs "hello world".
hello = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
inside = "__attach_version1.0_#00000001/__substg1.0_3701000D/"
(folder / "letter.msg").write_bytes(compound(mini=True, streams=[
    ("__properties_version1.0", properties(32, x00390040=sent)),
    *wide("", x001A="IPM.Note", x0037="The dög in the park", x007D="X-Mailer: SECRET", x0C1A="Zoë Example",
          x0C1F="/O=EXAMPLE/CN=SECRET", x5D01="zoe@example.org", x0E04="Amira; Ben", x0E03="Sam",
          x1000="Dear Amira,\r\n\r\nthe dog says “wüff”. " + "A long line. " * 200 + "\r\n"),
    ("__substg1.0_10130102", b"<p>SECRET form</p>"),
    ("__substg1.0_10090102", hello),
    *((f"__nameid_version1.0/__substg1.0_000{number}0102", b"") for number in (2, 3, 4)),
    ("__recip_version1.0_#00000000/__properties_version1.0", properties(8)),
    *wide("__recip_version1.0_#00000000/", x3001="Amira"),
    ("__attach_version1.0_#00000000/__properties_version1.0", properties(8, x37050003=struct.pack("<I", 1))),
    *wide("__attach_version1.0_#00000000/", x3704="DG~1.JPG", x3707="dög.jpg"),
    ("__attach_version1.0_#00000000/__substg1.0_37010102", b"\xff\xd8\xff SECRET"),
    ("__attach_version1.0_#00000001/__properties_version1.0", properties(8, x37050003=struct.pack("<I", 5))),
    (inside + "__properties_version1.0", properties(24)),
    *wide(inside, x001A="IPM.Note", x0037="Inner subject, of a dog"),
    (inside + "__substg1.0_10090102", hello),
    ("__attach_version1.0_#00000002/__properties_version1.0", properties(8, x37050003=struct.pack("<I", 1), x7FFE000B=b"\1")),
    ("__attach_version1.0_#00000002/__substg1.0_37010102", b"SECRET"),
    *wide("__attach_version1.0_#00000002/", x3707="SECRET.png"),
]))
(folder / "html.msg").write_bytes(compound(mini=True, streams=[
    ("__properties_version1.0", properties(32, x3FDE0003=struct.pack("<I", 1250))),
    ("__substg1.0_0037001E", "HTML only, for Łukasz".encode("cp1250")),
    ("__substg1.0_0C1F001E", b"sam@example.org"),
    ("__substg1.0_10130102", "<html><body><p>You told me<br>about <b>the</b> dog &amp; Łukasz.</p>".encode("cp1250")),
]))
