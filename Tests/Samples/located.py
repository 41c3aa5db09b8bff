#!/usr/bin/env python3
"""Makes Tests/Samples/located: called by make.sh, which says what is needed."""
import pathlib
import struct
import subprocess

from PIL import Image

folder = pathlib.Path(__file__).parent / "located"
folder.mkdir(exist_ok=True)
work = pathlib.Path("/tmp/located")
work.mkdir(exist_ok=True)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def tag(file, *more):
    """A position, a device and a person, with exiftool."""
    run("exiftool", "-q", "-m", "-overwrite_original", "-Make=Pixelmaker", "-Model=Phone 7",
        "-SerialNumber=SN-4711-0815", "-LensSerialNumber=SN-4711-0816", "-Artist=Sam Example", "-Orientation#=6",
        "-GPSLatitude=51.507351", "-GPSLatitudeRef=N", "-GPSLongitude=0.127758", "-GPSLongitudeRef=W",
        "-XMP:GPSLatitude=51.507351", "-XMP:GPSLongitude=-0.127758", "-XMP:Creator=Sam Example",
        "-DateTimeOriginal=2026:05:01 14:30:15", *more, file)


picture = Image.radial_gradient("L").resize((96, 64)).convert("RGB")
red, green, blue = picture.split()
picture = Image.merge("RGB", (red, green.rotate(90).resize((96, 64)), blue.point(lambda value: value // 2)))
profile = pathlib.Path(work / "profile.icc")
from PIL import ImageCms
profile.write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
icc = profile.read_bytes()
small = picture.resize((32, 24))
small.save(work / "small.jpg", quality=30)

# A phone's JPEG: thumbnail, notes of the maker, comment, IPTC, colour profile.
notes = b"Pixelmaker\0SN-4711-0815 51.507351 -0.127758"
exif = picture.getexif()
exif.get_ifd(0x8769)[0x927C] = notes
picture.save(folder / "photo.jpg", quality=60, icc_profile=icc, exif=exif)
tag(folder / "photo.jpg", "-IPTC:City=London 51.507351", "-Comment=at 51.507351 -0.127758",
    f"-ThumbnailImage<={work / 'small.jpg'}")
picture.save(folder / "progressive.jpg", quality=60, progressive=True, exif=exif)
tag(folder / "progressive.jpg")

# PNG, APNG, WebP, GIF.
picture.save(folder / "drawing.png", icc_profile=icc, dpi=(300, 300))
tag(folder / "drawing.png", "-PNG:Comment=at 51.507351 -0.127758", "-PNG:Description=SN-4711-0815")
frames = [picture.rotate(angle) for angle in (0, 30, 60)]
frames[0].save(folder / "moving.png", save_all=True, append_images=frames[1:], duration=100, loop=0)
tag(folder / "moving.png")
picture.save(folder / "photo.webp", quality=60, icc_profile=icc)
tag(folder / "photo.webp")
frames[0].save(folder / "moving.webp", save_all=True, append_images=frames[1:], duration=100, quality=50)
tag(folder / "moving.webp")
frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:], duration=100, loop=0,
               comment=b"at 51.507351 -0.127758")
run("exiftool", "-q", "-overwrite_original", "-XMP:GPSLatitude=51.507351", "-XMP:GPSLongitude=-0.127758",
    folder / "moving.gif")

# TIFF of two pages; a DNG is a TIFF that says so.
frames[0].save(folder / "scan.tif", save_all=True, append_images=frames[1:2], compression="tiff_lzw", icc_profile=icc)
tag(folder / "scan.tif", "-IPTC:City=London 51.507351")
picture.save(folder / "raw.dng", format="TIFF")
run("exiftool", "-q", "-overwrite_original", "-DNGVersion=1 4 0 0", "-DNGBackwardVersion=1 1 0 0",
    "-UniqueCameraModel=Phone 7", "-CameraSerialNumber=SN-4711-0815", folder / "raw.dng")
tag(folder / "raw.dng")

# HEIC and AVIF.
picture.save(work / "picture.png")
run("heif-enc", "-q", "40", "-o", folder / "photo.heic", work / "picture.png")
tag(folder / "photo.heic")
picture.save(folder / "photo.avif", quality=50, exif=exif)
tag(folder / "photo.avif")

# Films: QuickTime keys, the user data of Android and of 3GPP, XMP.
quiet = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-fflags", "+bitexact", "-flags:v", "+bitexact",
         "-flags:a", "+bitexact"]
moving = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=8:duration=1", "-f", "lavfi", "-i", "sine=duration=1",
          "-ac", "1"]
h264 = ["-c:v", "libx264", "-preset", "veryslow", "-crf", "40", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "24k"]
keys = ["-movflags", "use_metadata_tags", "-metadata", "com.apple.quicktime.make=Apple",
        "-metadata", "com.apple.quicktime.location.ISO6709=+51.507351-000.127758/"]
run(*quiet, *moving, *h264, *keys, folder / "clip.mov")
place = ["-metadata", "location=+51.507351-000.127758/", "-metadata", "location-eng=+51.507351-000.127758/"]
run(*quiet, *moving, *h264, *place, "-movflags", "+faststart", folder / "video.mp4")
tag(folder / "video.mp4", "-Keys:GPSCoordinates=51.507351 -0.127758", "-ItemList:Comment=SN-4711-0815",
    "-UserData:GPSCoordinates=51.507351 -0.127758")
run(*quiet, *moving, *h264, *place, folder / "clip.3gp")
run(*quiet, *moving, *h264, *place, "-movflags", "frag_keyframe+empty_moov+default_base_moof",
    folder / "fragments.mp4")
run(*quiet, "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", "-b:a", "24k", *place,
    "-metadata", "comment=SN-4711-0815", folder / "voice.m4a")
run(*quiet, "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "pcm_s16le", "-ar", "8000", *place, folder / "voice.mov")
run(*quiet, *moving, "-c:v", "libvpx", "-b:v", "40k", "-c:a", "libopus", "-b:a", "16k",
    "-metadata", "LOCATION=+51.507351-000.127758/", "-metadata", "title=SN-4711-0815", folder / "clip.webm")
run(*quiet, *moving, *h264, "-metadata", "LOCATION=+51.507351-000.127758/", "-metadata", "title=SN-4711-0815",
    "-metadata:s:v", "title=Sam Example", folder / "clip.mkv")

# A motion photo: a clip with a position of its own behind the picture.
(folder / "motion.jpg").write_bytes((folder / "photo.jpg").read_bytes() + (folder / "video.mp4").read_bytes())


# A film with a track of positions, as GoPro's cameras and phones write.
def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def boxes(data, start, end):
    while start < end:
        size, kind = struct.unpack(">I4s", data[start:start + 8])
        yield kind, start, start + size
        start += size


run(*quiet, "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=8:duration=1", *h264, work / "plain.mp4")
film = (work / "plain.mp4").read_bytes()
ranges = {kind: (start, end) for kind, start, end in boxes(film, 0, len(film))}
fix = b"GPS5" + b"+51.507351-000.127758/" * 4
head, movie = film[:ranges[b"moov"][0]], film[ranges[b"moov"][0] + 8:ranges[b"moov"][1]]
assert ranges[b"mdat"][1] == len(head)
mdat = ranges[b"mdat"][0]
size = struct.unpack(">I", head[mdat:mdat + 4])[0]
head = head[:mdat] + struct.pack(">I", size + len(fix)) + head[mdat + 4:] + fix
description = box(b"stsd", struct.pack(">II", 0, 1), box(b"gpmd", bytes(6), struct.pack(">HI", 1, 0)))
table = box(b"stbl", description, box(b"stts", struct.pack(">IIII", 0, 1, 1, 1000)),
            box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)), box(b"stsz", struct.pack(">IIII", 0, 0, 1, len(fix))),
            box(b"stco", struct.pack(">III", 0, 1, len(head) - len(fix))))
media = box(b"mdia", box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, 1000, 0x55C4, 0)),
            box(b"hdlr", struct.pack(">II4s", 0, 0, b"meta"), bytes(12), b"GoPro MET\0"),
            box(b"minf", box(b"nmhd", bytes(4)),
                box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\1"))), table))
matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
track = box(b"trak", box(b"tkhd", struct.pack(">IIIIII", 1, 0, 0, 9, 0, 1000), bytes(16), matrix, bytes(8)), media)
(folder / "positions.mp4").write_bytes(head + box(b"moov", movie, track))
