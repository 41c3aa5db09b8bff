"""Makes a small file of each format that Keepsake tells from the others: with tools that people use where there are
any, by hand from the specification where there are none. Called by make.sh, in the folder `formats`."""
import datetime
import gzip
import io
import json
import os
import random
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

import msoffcrypto.format.ooxml
import pikepdf
import py7zr
import pycdlib
import xlwt
from PIL import Image, ImageDraw, PngImagePlugin, TiffImagePlugin

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compound import compound  # noqa: E402

SAMPLES = os.path.dirname(os.path.abspath(__file__))
QUIET = "-hide_banner -loglevel error -y -fflags +bitexact -flags:v +bitexact -flags:a +bitexact".split()
MOVING = "-f lavfi -i testsrc2=size=96x72:rate=8:duration=2".split()
SOUND = "-f lavfi -i sine=frequency=440:duration=2:sample_rate=16000".split()
H264 = "-c:v libx264 -preset veryslow -crf 45 -pix_fmt yuv420p".split()
AAC = "-c:a aac -b:a 16k -ac 1".split()


def put(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def get(name):
    with open(name, "rb") as file:
        return file.read()


def ffmpeg(name, *arguments):
    subprocess.run(["ffmpeg", *QUIET, *arguments, name], check=True)


def packed(parts, stored=()):
    """A ZIP of pairs of name and content, in order; always the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            member = zipfile.ZipInfo(name, (2026, 6, 5, 9, 0, 0))
            member.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return target.getvalue()


# Pictures.
drawing = Image.new("RGB", (96, 72), "#fdfaf0")
pen = ImageDraw.Draw(drawing)
pen.rectangle((20, 30, 60, 60), fill="#f2b5a0", outline="#c0392b")
pen.polygon([(15, 30), (40, 10), (65, 30)], fill="#c0392b")
pen.ellipse((72, 6, 90, 24), fill="#ffd84d")
other = drawing.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

drawing.save("jfif.jpg", quality=60)
drawing.save("progressive.jpg", quality=60, progressive=True)
jfif = get("jfif.jpg")
put("raw.jpg", jfif[:2] + jfif[20:])
for version in ["0200", "0210", "0220", "0221", "0230"]:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9000] = version.encode()
    exif[0x010F] = "Pixelmaker"
    block = io.BytesIO()
    drawing.save(block, "JPEG", quality=50, exif=exif.tobytes())
    content = block.getvalue()
    put(f"exif-{version}.jpg", content[:2] + content[20:])
drawing.save("png-1.0.png")
words = PngImagePlugin.PngInfo()
words.add_itxt("Title", "House")
drawing.save("png-1.2.png", pnginfo=words)
from PIL import ImageCms  # noqa: E402
drawing.save("png-1.1.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
drawing.save("moving.apng", format="PNG", save_all=True, append_images=[other], duration=200)
content = get("png-1.0.png")
put("wrong-check.png", content[:-20] + bytes([content[-20] ^ 1]) + content[-19:])
flat = drawing.quantize(16)
flat.save("gif-87a.gif")
put("gif-87a.gif", b"GIF87a" + get("gif-87a.gif")[6:])
flat.save("gif-89a.gif", transparency=0)
flat.save("moving.gif", save_all=True, append_images=[other.quantize(16)], duration=200, loop=0)
put("script.gif", b"GIF89a/*" + get("gif-89a.gif")[8:-1] + b"*/=1;alert(1);" + b";")
drawing.save("lossy.webp", quality=40)
drawing.save("lossless.webp", lossless=True)
drawing.save("extended.webp", quality=40, exif=exif.tobytes())
drawing.save("moving.webp", save_all=True, append_images=[other], duration=200, quality=30)
gray = drawing.convert("L")
gray.save("scan.tif", compression="tiff_adobe_deflate")
gray.convert("1").save("fax.tif", compression="group4", save_all=True, append_images=[other.convert("1")] * 2)
gray.resize((24, 18)).save("big.tif", big_tiff=True)
negative = TiffImagePlugin.ImageFileDirectory_v2()
negative[50706] = b"\1\4\0\0"
negative.tagtype[50706] = 1
gray.save("raw.dng", format="TIFF", tiffinfo=negative)
drawing.resize((24, 18)).save("paint.bmp")
subprocess.run(["/usr/bin/convert", "jfif.jpg", "-resize", "24x18", "-strip", "bmp:version-5.bmp"], check=True)
size = (12 * 9 * 3) + 26
put("os2.bmp", b"BM" + struct.pack("<IHHIIHHHH", size, 0, 0, 26, 12, 12, 9, 1, 24) + bytes(range(108)) * 3)
drawing.save("photo.avif", quality=40)
drawing.save("photo.jp2")
subprocess.run(["/usr/bin/convert", "jfif.jpg", "-strip", "-resize", "48x36", "layers.psd"], check=True)
ffmpeg("still.jxl", "-i", "png-1.0.png", "-c:v", "libjxl", "-f", "image2pipe")
put("boxed.jxl", bytes.fromhex("0000000C4A584C200D0A870A") + struct.pack(">I", 20) + b"ftypjxl \0\0\0\0jxl "
    + struct.pack(">I", 8 + len(get("still.jxl"))) + b"jxlc" + get("still.jxl"))


def heif(major, *brands):
    """A picture under another brand."""
    content = get(os.path.join(SAMPLES, "photo.heic"))
    end = struct.unpack(">I", content[:4])[0]
    names = b"".join(brand.encode() for brand in brands).ljust(end - 16, b"mif1"[:0] + b"\0")
    return content[:8] + major.encode() + content[12:16] + names[:end - 16] + content[end:]


put("burst.heif", heif("mif1", "mif1", "miaf"))
put("burst.heifs", heif("msf1", "msf1"))
put("burst.heics", heif("hevc", "hevc"))
svg = '<svg xmlns="http://www.w3.org/2000/svg"{}><rect width="9" height="9"/>{}</svg>\n'
put("plain.svg", '<?xml version="1.0"?>\n' + svg.format(' version="1.1" width="9" height="9"', ""))
put("old.svg", svg.format(' version="1.0"', ""))
put("tiny.svg", svg.format(' version="1.2" baseProfile="tiny"', ""))
put("prefixed.svg", '<svg:svg xmlns:svg="http://www.w3.org/2000/svg" version="1.1"><svg:rect width="9" height="9"/></svg:svg>\n')
put("script.svg", svg.format(' version="1.1"', "<script>alert(1)</script>"))
put("event.svg", svg.format(' version="1.1" onload = "alert(1)"', ""))
put("foreign.svg", svg.format(' version="1.1"', "<foreignObject><p>x</p></foreignObject>"))
put("remote.svg", svg.format(' version="1.1" xmlns:xlink="http://www.w3.org/1999/xlink"', '<image xlink:href="https://example.org/a.png"/>'))
put("entity.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + svg.format(' version="1.1"', "&a;"))
png = get("png-1.0.png")
put("painting.procreate", packed([("Document.archive", b"bplist00"), ("QuickLook/Thumbnail.png", png)]))
put("painting.kra", packed([("mimetype", "application/x-krita"), ("maindoc.xml", "<DOC/>"), ("mergedimage.png", png)], ["mimetype"]))
put("painting.ora", packed([("mimetype", "image/openraster"), ("stack.xml", "<image/>"), ("mergedimage.png", png)], ["mimetype"]))

# Film and sound.
ffmpeg("video.mp4", *MOVING, *SOUND, *H264, *AAC)
ffmpeg("fast.mp4", *MOVING, *H264, "-movflags", "+faststart")
video = get("video.mp4")
put("camera-brand.mp4", video[:8] + b"MSNV" + video[12:])
put("unknown-brand.mp4", video[:8] + b"zzzz" + video[12:])
ffmpeg("fragmented.mp4", *MOVING, *SOUND, *H264, *AAC, "-movflags", "+frag_keyframe+empty_moov+default_base_moof")
ffmpeg("hevc.mov", *MOVING, "-c:v", "libx265", "-preset", "medium", "-crf", "45", "-tag:v", "hvc1", "-x265-params", "log-level=none:info=0:pools=1:frame-threads=1", "-pix_fmt", "yuv420p10le")
ffmpeg("camera.mov", *MOVING, *H264)
mov = get("camera.mov")
put("no-type.mov", mov[:4] + b"wide" + mov[8:])
ffmpeg("av1.mp4", *MOVING, "-c:v", "libaom-av1", "-crf", "50", "-cpu-used", "8", "-threads", "1")
ffmpeg("vp9.webm", *MOVING, "-c:v", "libvpx-vp9", "-b:v", "20k", "-threads", "1")
ffmpeg("prores.mov", *MOVING, "-t", "0.5", "-c:v", "prores_ks", "-profile:v", "0", "-q:v", "30")
ffmpeg("pictures.avi", *MOVING, "-t", "0.5", "-c:v", "mjpeg", "-q:v", "25", "-pix_fmt", "yuvj420p")
ffmpeg("disc.mkv", *MOVING, *SOUND, "-c:v", "mpeg2video", "-r", "25", "-q:v", "25", "-c:a", "ac3", "-b:a", "32k")
ffmpeg("memo.m4a", *SOUND, *AAC, "-brand", "mp42", "-f", "mp4")
ffmpeg("lossless.m4a", *SOUND, "-c:a", "alac")
amr = os.path.join(SAMPLES, "voice.amr")
ffmpeg("call.3gp", "-i", amr, "-c:a", "copy", "-t", "1")
ffmpeg("old.3g2", *MOVING, "-s", "176x144", "-c:v", "h263", "-b:v", "30k")
ffmpeg("sound.webm", *SOUND, "-c:a", "libopus", "-b:a", "12k")
ffmpeg("live.webm", *MOVING, "-c:v", "libvpx", "-b:v", "30k", "-f", "webm", "-live", "1")
ffmpeg("film.mkv", *MOVING, *SOUND, *H264, *AAC)
ffmpeg("sound.mka", *SOUND, *AAC)
ffmpeg("film.avi", *MOVING, *SOUND, "-c:v", "mpeg4", "-q:v", "20", "-c:a", "libmp3lame", "-b:a", "16k")
ffmpeg("film.wmv", *MOVING, *SOUND, "-c:v", "wmv2", "-q:v", "20", "-c:a", "wmav2", "-b:a", "24k")
ffmpeg("sound.wma", *SOUND, "-c:a", "wmav2", "-b:a", "24k")
wma = get("sound.wma")
drm = bytes.fromhex("FBB3112223BDD211B4B700A0C955FC6E") + struct.pack("<Q", 40) + bytes(16)
put("licensed.wma", wma[:16] + struct.pack("<QI", struct.unpack("<Q", wma[16:24])[0] + 40, struct.unpack("<I", wma[24:28])[0] + 1) + wma[28:30] + drm + wma[30:])
ffmpeg("film.ts", *MOVING, "-c:v", "mpeg2video", "-r", "25", "-q:v", "25")
ffmpeg("film.m2ts", *MOVING, "-c:v", "mpeg2video", "-r", "25", "-q:v", "25", "-f", "mpegts", "-mpegts_m2ts_mode", "1")
ffmpeg("film.mpg", *MOVING, "-c:v", "mpeg1video", "-r", "25", "-q:v", "25", "-f", "mpeg")
ffmpeg("film2.mpg", *MOVING, "-c:v", "mpeg2video", "-r", "25", "-q:v", "25", "-f", "vob")
ffmpeg("film.flv", *MOVING, "-c:v", "flv1", "-q:v", "20")
ffmpeg("frames.aac", *SOUND, *AAC, "-f", "adts")
put("tagged.aac", b"ID3\4\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0" + get("frames.aac"))
ffmpeg("layer2.mp2", *SOUND, "-c:a", "mp2", "-b:a", "32k")
ffmpeg("tagged.mp3", *SOUND, "-c:a", "libmp3lame", "-b:a", "16k", "-metadata", "title=Park", "-write_id3v1", "1")
short = "-f lavfi -i sine=frequency=440:duration=0.5:sample_rate=8000".split()
ffmpeg("pcm.wav", *short)
ffmpeg("mulaw.wav", *short, "-c:a", "pcm_mulaw")
ffmpeg("adpcm.wav", *short, "-c:a", "adpcm_ima_wav")
ffmpeg("phone.wav", *short, "-c:a", "libgsm_ms", "-ar", "8000")
ffmpeg("extensible.wav", *short, "-c:a", "pcm_s24le")
ffmpeg("broadcast.wav", *short, "-write_bext", "1", "-metadata", "origination_date=2026-05-01", "-metadata", "origination_time=14:30:00")
ffmpeg("long.wav", *short, "-rf64", "always")
wav = get("pcm.wav")
put("streamed.wav", wav[:4] + b"\xff\xff\xff\xff" + wav[8:])
ffmpeg("vorbis.ogg", *SOUND, "-c:a", "libvorbis", "-q:a", "0")
ffmpeg("speex.ogg", *SOUND, "-c:a", "libspeex", "-b:a", "8k")
ffmpeg("theora.ogv", *MOVING, "-c:v", "libtheora", "-q:v", "1")
ffmpeg("sound.flac", *SOUND)
ffmpeg("sound.caf", *short)
ffmpeg("sound.aiff", *short)
ffmpeg("sound.aifc", *short, "-c:a", "pcm_mulaw", "-f", "aiff")
ffmpeg("sound.au", *short)
# No encoder at hand: frames of 12.65 kbit/s that hold noise.
noise = random.Random(6)
put("wide.awb", b"#!AMR-WB\n" + b"".join(b"\x14" + noise.randbytes(32) for _ in range(100)))
put("dictation.dss", b"\x02dss" + bytes(1532) + bytes(random.Random(1).randbytes(2048)))
put("dictation.ds2", b"\x03ds2" + bytes(1532) + bytes(random.Random(2).randbytes(2048)))
put("locked.ds2", b"\x03enc" + bytes(1532) + bytes(random.Random(3).randbytes(2048)))

# A still picture with a film, and pictures that are something else too.
put("motion.jpg", get("exif-0220.jpg") + get("fast.mp4"))
put("motion-cut.jpg", get("exif-0220.jpg") + get("fast.mp4")[:-900])
archive = packed([("note.txt", "hidden")])
put("with-archive.jpg", jfif + archive)
put("with-page.jpg", jfif + b"<html><script>alert(1)</script></html>")
put("with-program.jpg", jfif + get(os.path.join(SAMPLES, "holiday.jpg"))[:2000])
put("with-much.jpg", jfif + random.Random(4).randbytes(70_000))
put("page-as.jpg", b"\xff\xd8\xff\xe0<html><body>x</body></html>")
put("padded.jpg", jfif + bytes(512))

# PDF.


def pdf(name, change=None, **options):
    document = pikepdf.Pdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    document.save(name, deterministic_id="encryption" not in options, **options)


def action(kind, **values):
    def change(document):
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **values)
    return change


def attach(name, content):
    def change(document):
        document.attachments[name] = pikepdf.AttachedFileSpec(
            document, content, filename=name, mod_date="D:20260605090000Z", creation_date="D:20260605090000Z")
    return change


hidden = pikepdf.ObjectStreamMode.generate
for version in ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"]:
    pdf(f"version-{version}.pdf", force_version=version, object_stream_mode=pikepdf.ObjectStreamMode.disable)
pdf("packed.pdf", object_stream_mode=hidden)
pdf("fast.pdf", linearize=True)
pdf("script.pdf", action("JavaScript", JS="app.alert(1)"), object_stream_mode=hidden)
pdf("launch.pdf", action("Launch", F="calc.exe"), object_stream_mode=hidden)
pdf("attachment.pdf", attach("note.txt", b"a note"))
pdf("program.pdf", attach("note.txt", get(os.path.join(SAMPLES, "holiday.jpg"))[:1500]))
pdf("forms.pdf", lambda document: document.Root.__setitem__("/AcroForm", pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"))))
pdf("portfolio.pdf", lambda document: document.Root.__setitem__("/Collection", pikepdf.Dictionary(View=pikepdf.Name.D)))
put("escaped.pdf", get("version-1.7.pdf").replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /J#61vaScript /J#53 (x) >>"))


def locked(revision, **options):
    allowed = pikepdf.Permissions(extract=False)
    return {"encryption": pikepdf.Encryption(R=revision, allow=allowed, **options)}


for revision, options in [(2, dict(aes=False, metadata=False)), (3, dict(aes=False, metadata=False)), (4, {}), (6, {})]:
    pdf(f"owner-{revision}.pdf", action("JavaScript", JS="app.alert(1)"), object_stream_mode=hidden if revision > 2 else pikepdf.ObjectStreamMode.disable,
        **locked(revision, owner="o", user="", **options))
    pdf(f"user-{revision}.pdf", **locked(revision, owner="o", user="u", **options))
put("junk.pdf", b"TEXTmdos" + bytes(120) + get("version-1.4.pdf"))
put("far.pdf", b"From an old mailbox.\r\n" * 40 + get("version-1.4.pdf"))
put("with-archive.pdf", get("version-1.7.pdf") + archive)


def archival(part, level, scheme="pdfaid"):
    words = f'<rdf:Description rdf:about="" xmlns:{scheme}="http://www.aiim.org/{scheme[:-2]}/ns/id/"><{scheme}:part>{part}</{scheme}:part>'
    if level:
        words += f"<{scheme}:conformance>{level}</{scheme}:conformance>"
    text = ('<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
            f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{words}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>')

    def change(document):
        stream = document.make_stream(text.encode())
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.Root.Metadata = stream
    return change


for part, level in [("1", "A"), ("1", "B"), ("2", "B"), ("2", "U"), ("3", "A"), ("4", "")]:
    pdf(f"archival-{part}{level.lower()}.pdf", archival(part, level))
pdf("accessible-1.pdf", archival("1", "", "pdfuaid"))

# Office.
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/{}" ContentType="application/{}"/></Types>'
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{}" Target="{}"{}/></Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"


def office(name, main, kind, *more, scheme=OFFICE, first=()):
    parts = [("[Content_Types].xml", TYPES.format(main, kind + ".main+xml"))]
    parts += [("_rels/.rels", RELATIONS.format(scheme + "officeDocument", main, "")), (main, "<document/>")]
    put(name, packed(list(first) + parts + list(more)))


word = "vnd.openxmlformats-officedocument.wordprocessingml."
sheet = "vnd.openxmlformats-officedocument.spreadsheetml."
slide = "vnd.openxmlformats-officedocument.presentationml."
for name, main, kind in [
    ("order.docx", "word/document.xml", word + "document"), ("table.xlsx", "xl/workbook.xml", sheet + "sheet"),
    ("slides.pptx", "ppt/presentation.xml", slide + "presentation"), ("form.dotx", "word/document.xml", word + "template"),
    ("macros.docm", "word/document.xml", "vnd.ms-word.document.macroEnabled"),
    ("macros.dotm", "word/document.xml", "vnd.ms-word.template.macroEnabledTemplate"),
    ("macros.xlsm", "xl/workbook.xml", "vnd.ms-excel.sheet.macroEnabled"), ("macros.xlam", "xl/workbook.xml", "vnd.ms-excel.addin.macroEnabled"),
    ("macros.pptm", "ppt/presentation.xml", "vnd.ms-powerpoint.presentation.macroEnabled"),
]:
    more = [("xl/worksheets/sheet1.xml", "<s/>"), ("xl/worksheets/sheet2.xml", "<s/>")] if name == "table.xlsx" else []
    more += [("ppt/slides/slide1.xml", "<s/>")] if name == "slides.pptx" else []
    more += [("docProps/app.xml", "<Properties><Pages>3</Pages></Properties>")] if name == "order.docx" else []
    office(name, main, kind, *more, first=[("docProps/core.xml", "<c/>")] if name == "order.docx" else ())
put("macros.xlsb", packed([("[Content_Types].xml", TYPES.format("xl/workbook.bin", "vnd.ms-excel.sheet.binary.macroEnabled.main")), ("xl/workbook.bin", b"\x83\1\0")]))
office("hidden-macros.docx", "word/document.xml", word + "document", ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"))
office("strict.docx", "word/document.xml", word + "document", scheme=STRICT)
office("template.docx", "word/document.xml", word + "document", ("word/_rels/settings.xml.rels", RELATIONS.format(OFFICE + "attachedTemplate", "https://example.org/t.dotm", ' TargetMode="External"')))
office("link.docx", "word/document.xml", word + "document", ("word/_rels/document.xml.rels", RELATIONS.format(OFFICE + "hyperlink", "https://example.org/", ' TargetMode="External"')))
office("object.docx", "word/document.xml", word + "document", ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"))
random.seed(5)
with open("order.docx", "rb") as plain, open("locked.docx", "wb") as target:
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", target)


def fib(version=0xC1, flags=0):
    return struct.pack("<HHHHHH", 0xA5EC, version, 0, 0x809, 0, flags) + bytes(500)


put("letter.doc", compound([("WordDocument", fib()), ("1Table", bytes(64))]))
put("letter-95.doc", compound([("WordDocument", fib(0x68))]))
put("locked.doc", compound([("WordDocument", fib(flags=0x100)), ("1Table", bytes(64))]))
put("macros.doc", compound([("WordDocument", fib()), ("Macros/VBA/_VBA_PROJECT", b"\xcc\x61")]))
native = struct.pack("<IH", 200, 2) + b"note.exe\0C:\\note.exe\0" + bytes(8)
put("object.doc", compound([("WordDocument", fib()), ("ObjectPool/_1/\1Ole10Native", native)]))
put("slides.ppt", compound([("PowerPoint Document", bytes.fromhex("0F00E803") + bytes(600)), ("Current User", bytes(20))]))
put("macros.ppt", compound([("PowerPoint Document", bytes.fromhex("0F00E803") + bytes(60) + bytes.fromhex("1F00FF0314000000") + bytes(60)), ("Current User", bytes(20))]))
put("mail.msg", compound([("__properties_version1.0", bytes(32)), ("__attach_version1.0_#00000000/__properties_version1.0", bytes(8))]))
put("setup.msi", compound([("Property", bytes(64))], bytes.fromhex("84100C0000000000C000000000000046")))
put("Thumbs.db", compound([("Catalog", bytes(64)), ("1", jfif)]))
book = xlwt.Workbook()
book.add_sheet("Visits").write(0, 0, "park")
book.save("table.xls")


def records(*items):
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in items)


beginning = (0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6))
put("macros-4.xls", compound([("Workbook", records(beginning, (0x85, struct.pack("<IBBB", 0, 0, 1, 1) + b"\0M"), (0x0A, b"")))]))
put("locked.xls", compound([("Workbook", records(beginning, (0x2F, bytes(6)), (0x0A, b"")))]))
put("sheet-4.xls", records((0x409, struct.pack("<HHH", 0, 0x10, 0)), (0x0A, b"")) + bytes(64))
put("macros-4-old.xls", records((0x409, struct.pack("<HHH", 0, 0x40, 0)), (0x0A, b"")) + bytes(64))


def open_document(name, kind, version, *more, manifest="<manifest:manifest/>"):
    parts = [("mimetype", "application/vnd.oasis.opendocument." + kind),
             ("content.xml", f'<?xml version="1.0"?><office:document-content office:version="{version}"/>'),
             ("meta.xml", '<meta:document-statistic meta:page-count="4"/>'), ("META-INF/manifest.xml", manifest)]
    put(name, packed(parts + list(more), ["mimetype"]))


open_document("letter.odt", "text", "1.2")
open_document("letter-1.3.odt", "text", "1.3")
open_document("table.ods", "spreadsheet", "1.2")
open_document("slides.odp", "presentation", "1.3")
open_document("macros.odt", "text", "1.2", ("Basic/Standard/Module1.xml", "<script:module/>"))
open_document("locked.odt", "text", "1.2", manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
put("book.epub", packed([("mimetype", "application/epub+zip"), ("META-INF/container.xml", "<container/>")], ["mimetype"]))
put("letter.rtf", r"{\rtf1\ansi Dear Amira}")
put("letter-1.5.rtf", r"{\rtf1\ansi\ansicpg1252 Dear Amira}")
put("letter-1.9.rtf", r"{\rtf1\ansi\ansicpg1252\stshfdbch0\stshfloch0\stshfhich0\stshfbi0{\*\colorschememapping 00} Dear Amira}")
put("object.rtf", r"{\rtf1\ansi{\object\objemb{\*\objdata 0105}} Dear Amira}")
put("letter.pages", packed([("Index/Document.iwa", b"\0"), ("preview.jpg", jfif)]))
put("table.numbers", packed([("Index/Document.iwa", b"\0"), ("Index/Tables/DataList.iwa", b"\0"), ("preview.jpg", jfif)]))
put("slides.key", packed([("Index/Document.iwa", b"\0"), ("Index/Slide.iwa", b"\0"), ("preview.jpg", jfif)]))
put("old.key", packed([("index.apxl", "<key/>")]))
put("old.pages", packed([("index.xml", '<?xml version="1.0"?><sl:document/>')]))
put("notes.one", bytes.fromhex("E4525C7B8CD8A74DAEB15378D02996D3") + bytes(1008))

# Archives.
put("folder.zip", packed([("a.txt", "a"), ("b/c.jpg", jfif)]))
plain = packed([("a.txt", "secret secret")], ["a.txt"])
central = plain.index(b"PK\1\2")
put("locked.zip", plain[:6] + b"\1" + plain[7:central + 8] + b"\1" + plain[central + 9:])
put("escape.zip", packed([("../../etc/passwd", "x")]))
put("nested.zip", packed([("inner.zip", archive)]))
put("program.zip", packed([("photo.exe", "MZ")]))
put("bomb.zip", packed([("zeros", bytes(70 << 20))]))
link = io.BytesIO()
with zipfile.ZipFile(link, "w") as target:
    member = zipfile.ZipInfo("link", (2026, 6, 5, 9, 0, 0))
    member.create_system, member.external_attr = 3, 0o120777 << 16
    target.writestr(member, "/etc/passwd")
put("link.zip", link.getvalue())
one = packed([("a", "aaaa"), ("b", "aaaa")])
central = one.index(b"PK\1\2")
second = one.index(b"PK\1\2", central + 4)
put("overlap.zip", one[:second + 42] + struct.pack("<I", 0) + one[second + 46:])
put("empty.zip", packed([]))
put("app.apk", packed([("AndroidManifest.xml", b"\3\0\x08\0"), ("classes.dex", b"dex\n035\0")]))
put("app.jar", packed([("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n"), ("A.class", b"\xca\xfe\xba\xbe")]))
with py7zr.SevenZipFile("folder.7z", "w") as target:
    target.writestr("a", "a.txt")
put("folder.rar", bytes.fromhex("526172211A0700CF907300000D00000000000000") + bytes(64))
put("folder-5.rar", bytes.fromhex("526172211A070100") + bytes(64))
put("note.txt.gz", gzip.compress(b"a note", mtime=0))
with tarfile.open("folder.tar", "w", format=tarfile.USTAR_FORMAT) as target:
    member = tarfile.TarInfo("a.pdf")
    member.size = 9
    target.addfile(member, io.BytesIO(b"%PDF-1.4\n"))
disc = pycdlib.PyCdlib()
disc.new()
disc.write("disc.iso")
disc.close()
put("disc.iso", get("disc.iso")[:53248])
put("disc.dmg", bytes(512) + b"\1" + bytes(511) + b"koly" + struct.pack(">II", 4, 512) + bytes(500))
put("disk.vhd", b"\1" + bytes(1023) + b"conectix" + bytes(504))

# Text.
put("windows.txt", "Caf\u00e9 \u2013 Liebe Gr\u00fc\u00dfe".encode("cp1252"))
put("wide.txt", "\ufeffDear Amira".encode("utf-16-le"))
put("marked.txt", "\ufeffDear Amira\n")
put("chat.txt", "\u200e[01/05/2026, 14:30:15] Sam: Hello\n[01/05/2026, 14:31:02] Amira: I saw a dog, a cat, and a bird\n")
put("chat-names.txt", "<Sam> Hello\n<Amira> I saw a dog, a cat, and a bird\n<Sam> Three!\n")
put("table.csv", "date,who,what\n2026-05-01,Sam,park\n2026-05-02,Sam,school\n")
put("person.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sam\r\nEND:VCARD\r\n")
put("visit.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
put("captions.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
put("captions.srt", "1\n00:00:00,000 --> 00:00:01,000\nHello\n")
put("messages.json", json.dumps({"messages": [{"from": "Sam", "text": "Hello [you]"}]}))
put("record.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<record><note>x</note></record>\n')
put("entity.xml", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>')
HEADERS = "From: sam@example.org\r\nTo: amira@example.org\r\nSubject: Park\r\nDate: Fri, 1 May 2026 14:30:15 +0100\r\nMessage-ID: <1@example.org>\r\n"
put("mail.eml", HEADERS + "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n")
put("old-mail.eml", HEADERS + "\r\nHello\r\n")
parts = "--b1\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b1\r\nContent-Type: image/jpeg; name=\"a.jpg\"\r\nContent-Disposition: attachment; filename=\"{}\"\r\n\r\nAAAA\r\n--b1--\r\n"
put("attachment.eml", HEADERS + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n" + parts.format("a.jpg"))
put("program.eml", HEADERS + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n" + parts.format("a.exe"))
put("page.mhtml", "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n--b--\r\n")
put("page.html", "<!DOCTYPE html>\n<html><body>x</body></html>\n")
put("page-4.html", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><body><script>x</script></body></html>\n')
put("page.xhtml", '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>\n')
put("app.hta", '<html><head><HTA:APPLICATION ID="x"><script language="VBScript">x</script></head></html>\n')
PLIST = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0"><dict>{}</dict></plist>\n'
put("link.webloc", PLIST.format("<key>URL</key><string>https://example.org/</string>"))
put("IMG_1.AAE", PLIST.format("<key>adjustmentData</key><data>AAAA</data><key>adjustmentFormatIdentifier</key><string>com.apple.photo</string>"))
put("IMG_1.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>\n')
put("IMG_1.supplemental-metadata.json", json.dumps({"title": "IMG_1.jpg", "photoTakenTime": {"timestamp": "1777642215"}}))
put("link.url", "[InternetShortcut]\r\nURL=https://example.org/\r\n")
put("desktop.ini", "[.ShellClassInfo]\r\nIconFile=x.ico\r\n")
put("run.bat", "@echo off\r\ndel *.*\r\n")
put("run.ps1", "$x = Get-Date\r\nWrite-Host $x\r\nInvoke-Expression $x\r\n")
put("run.vbs", 'Set shell = CreateObject("WScript.Shell")\r\nshell.Run "calc"\r\n')
put("run.js", 'var shell = new ActiveXObject("WScript.Shell");\nshell.Run("calc");\n')
put("run.sh", "#!/bin/sh\nrm -rf .\n")
put("run.py", "#!/usr/bin/env python3\nprint(1)\n")
put("list.m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")
put("list.pls", "[playlist]\nFile1=http://example.org/a.mp3\n")
put("list.ffconcat", "ffconcat version 1.0\nfile '/etc/hostname'\n")
put("call.sdp", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\n")
put("list.asx", '<asx version="3.0"><entry><ref href="http://example.org/a.wma"/></entry></asx>\n')
put("list.mpd", '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>\n')

# Programs, helper files, and what nobody can look at.


def portable(magic):
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 224, 2) + struct.pack("<H", magic) + bytes(400)


put("setup.exe", portable(0x10B))
put("setup64.exe", portable(0x20B))
put("old.com.exe", b"MZ" + bytes(200))
put("tool.macho", bytes.fromhex("CFFAEDFE07000001") + bytes(64))
put("A.class", bytes.fromhex("CAFEBABE00000037") + bytes(64))
put("shortcut.lnk", bytes.fromhex("4C0000000114020000000000C000000000000046") + bytes(100))
put("._IMG_1.JPG", bytes.fromhex("0005160700020000") + b"Mac OS X        " + bytes(64))
put("DS_Store", b"\0\0\0\1Bud1" + bytes(64))
put("scan.dcm", bytes(128) + b"DICM" + bytes(64))
put("mailbox.pst", b"!BDN" + bytes(4) + b"SM" + struct.pack("<H", 23) + bytes(500))
put("zeros.bin", bytes(8192))
put("noise.bin", b"\xa7\x13" + random.Random(9).randbytes(4000))
put("message.age", b"age-encryption.org/v1\n-> X25519 x\n" + random.Random(8).randbytes(200))
