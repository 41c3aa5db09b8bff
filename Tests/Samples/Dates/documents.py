"""Writes the documents that no tool of make.sh writes with a date of our choice."""

import datetime
import pathlib
import struct
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compound import compound  # noqa: E402


def archive(name, parts):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as file:
        for path, text in parts.items():
            method = zipfile.ZIP_STORED if path == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(path, (2026, 6, 5, 9, 0, 0)), text, method)


def office(name, folder, part, created):
    kinds = "http://schemas.openxmlformats.org/package/2006"
    archive(name, {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"/>',
        f"{folder}/{part}.xml": "<x/>",
        "docProps/core.xml": f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="{kinds}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">2026-07-03T10:00:00Z</dcterms:modified></cp:coreProperties>',
    })


office("written.docx", "word", "document", "2026-07-02T10:00:00Z")
# The date of Excel's own template.
office("template.xlsx", "xl", "workbook", "2015-06-05T18:17:20Z")


def open_document(name, created, template=""):
    archive(name, {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<x/>",
        "meta.xml": '<?xml version="1.0"?><office:document-meta '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta>'
        f"<meta:creation-date>{created}</meta:creation-date>{template}</office:meta></office:document-meta>",
    })


open_document("written.odt", "2026-07-02T11:00:00.125000000")
open_document("template.odt", "2009-04-16T11:32:48", '<meta:template meta:date="2009-04-16T11:32:48"/>')


def file_time(year, month, day, hour):
    since = datetime.datetime(year, month, day, hour) - datetime.datetime(1601, 1, 1)
    return int(since.total_seconds()) * 10_000_000


def summary(created, saved):
    """A property set. [MS-OLEPS]"""
    values = [struct.pack("<IIQ", 0x40, 0, when)[:4] + struct.pack("<Q", when) for when in (created, saved)]
    section = struct.pack("<II", 24 + 24, 2) + struct.pack("<IIII", 12, 24, 13, 36) + b"".join(values)
    format_id = bytes.fromhex("E0859FF2F94F6810AB9108002B27B3D9")
    return struct.pack("<HHI16xI", 0xFFFE, 0, 0x00020006, 1) + format_id + struct.pack("<I", 48) + section


open("written.doc", "wb").write(compound(mini=True, streams=[
    ("WordDocument", b"\xEC\xA5\xC1\x00" + bytes(508)),
    ("\x05SummaryInformation", summary(file_time(2026, 7, 2, 10), file_time(2026, 7, 3, 10))),
]))
open("sent.msg", "wb").write(compound(mini=True, streams=[
    ("__properties_version1.0", bytes(32) + struct.pack("<IIQ", 0x0E060040, 6, file_time(2026, 7, 2, 11))
     + struct.pack("<IIQ", 0x00390040, 6, file_time(2026, 7, 2, 10))),
    ("__nameid_version1.0", bytes(16)),
]))
open("sent.eml", "w", newline="\r\n").write(
    "Received: from a.example by b.example; Thu, 2 Jul 2026 12:34:56 +0000\nFrom: Sam <sam@example.org>\n"
    "To: Amira <amira@example.org>\nSubject: The park\nDate: Thu,\n 2 Jul 2026 11:00:00 +0100\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nDear Amira,\n\nDate: not this one\n")
