"""Writes the documents that no tool of make.sh writes with a date of our choice."""

import datetime
import struct
import zipfile


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


def compound(name, streams):
    """A compound file whose streams are all in the mini stream. [MS-CFB]"""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    mini, table, entries = b"", [], []
    for title, content in streams:
        start, count = len(mini) // 64, -(-len(content) // 64)
        table += [start + index + 1 for index in range(count - 1)] + [end]
        mini += content.ljust(count * 64, b"\0")
        entries.append((title, 2, start, len(content)))
    mini_sectors = -(-len(mini) // 512)
    entries.insert(0, ("Root Entry", 5, 3, len(mini)))
    directory = b""
    for index, (title, kind, start, size) in enumerate(entries):
        text = title.encode("utf-16-le") + b"\0\0"
        child = 1 if kind == 5 else free
        right = index + 1 if kind == 2 and index + 1 < len(entries) else free
        directory += (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, free, right, child)
                      + bytes(36) + struct.pack("<IQ", start, size))
    assert len(directory) <= 512 and len(table) <= 128
    header = (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16)
              + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 2, 1, end, 0, 0)
              + b"\xFF" * 432)
    sectors = [0xFFFFFFFD, end, end] + [4 + index for index in range(mini_sectors - 1)] + [end]
    numbers = lambda list: struct.pack(f"<{len(list)}I", *list).ljust(512, b"\xFF")
    open(name, "wb").write(header + numbers(sectors) + directory.ljust(512, b"\0") + numbers(table)
                           + mini.ljust(mini_sectors * 512, b"\0"))


def summary(created, saved):
    """A property set. [MS-OLEPS]"""
    values = [struct.pack("<IIQ", 0x40, 0, when)[:4] + struct.pack("<Q", when) for when in (created, saved)]
    section = struct.pack("<II", 24 + 24, 2) + struct.pack("<IIII", 12, 24, 13, 36) + b"".join(values)
    format_id = bytes.fromhex("E0859FF2F94F6810AB9108002B27B3D9")
    return struct.pack("<HHI16xI", 0xFFFE, 0, 0x00020006, 1) + format_id + struct.pack("<I", 48) + section


compound("written.doc", [
    ("WordDocument", b"\xEC\xA5\xC1\x00" + bytes(508)),
    ("\x05SummaryInformation", summary(file_time(2026, 7, 2, 10), file_time(2026, 7, 3, 10))),
])
compound("sent.msg", [
    ("__properties_version1.0", bytes(32) + struct.pack("<IIQ", 0x0E060040, 6, file_time(2026, 7, 2, 11))
     + struct.pack("<IIQ", 0x00390040, 6, file_time(2026, 7, 2, 10))),
    ("__nameid_version1.0", bytes(16)),
])
open("sent.eml", "w", newline="\r\n").write(
    "Received: from a.example by b.example; Thu, 2 Jul 2026 12:34:56 +0000\nFrom: Sam <sam@example.org>\n"
    "To: Amira <amira@example.org>\nSubject: The park\nDate: Thu,\n 2 Jul 2026 11:00:00 +0100\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nDear Amira,\n\nDate: not this one\n")
