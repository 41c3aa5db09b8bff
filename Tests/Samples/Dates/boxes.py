"""Adds to movies the boxes that only devices write."""

import struct


def box(kind, content):
    return struct.pack(">I", len(content) + 8) + kind + content


def add_to_movie(name, content):
    """Behind what the movie box holds, which is the last box of the file."""
    data = open(name, "rb").read()
    place = 0
    while data[place + 4:place + 8] != b"moov":
        place += struct.unpack(">I", data[place:place + 4])[0]
    size = struct.unpack(">I", data[place:place + 4])[0]
    assert place + size == len(data), "the offsets of the samples would change"
    open(name, "wb").write(data[:place] + struct.pack(">I", size + len(content)) + data[place + 4:] + content)


photo = open("other-offset.jpg", "rb").read()
add_to_movie("canon.mp4", box(b"udta", box(b"CNTH", box(b"CNDA", photo))))
add_to_movie("gopro.mp4", box(b"udta", box(b"FIRM", b"HD7.01.01.90.00")))
text = b"2026-07-02T11:00:00+0100"
add_to_movie("quicktime.mp4", box(b"udta", box(b"\xA9day", struct.pack(">HH", len(text), 0) + text)))
sony = b'<?xml version="1.0"?><NonRealTimeMeta><CreationDate value="2026-07-02T11:00:00+01:00"/></NonRealTimeMeta>'
with open("sony.mp4", "ab") as file:
    handler = box(b"hdlr", bytes(8) + b"nrtm" + bytes(13))
    file.write(box(b"meta", bytes(4) + handler + box(b"xml ", bytes(4) + sony)))
