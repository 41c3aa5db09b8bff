#!/usr/bin/env bash
# Makes the samples of dates: one for each place where a format keeps one. The
# made files are committed, so that the tests need none of these tools:
#   apt-get install ffmpeg imagemagick libheif-examples libimage-exiftool-perl qpdf webp python3
set -euo pipefail
cd "$(dirname "$0")"
quiet="-y -hide_banner -loglevel error -bitexact"
convert=$(command -v convert || command -v magick)
tags() { exiftool -q -overwrite_original "$@"; }
picture() { $convert -size 32x24 gradient:'#f6d365-#fda085' -strip "$1"; }

# Pictures. Local time, and what satellites said: an hour apart.
picture satellites.jpg
tags -DateTimeOriginal='2026:07:01 10:00:07' -GPSDateStamp='2026:07:01' -GPSTimeStamp='09:00:00' \
  -GPSLatitude=51.5 -GPSLatitudeRef=N -GPSLongitude=0.12 -GPSLongitudeRef=W satellites.jpg
picture satellites-only.jpg
tags -GPSDateStamp='2026:07:01' -GPSTimeStamp='09:00:00' satellites-only.jpg
picture older-camera.jpg
tags -DateTimeOriginal='2009:03:04 05:06:07' -TimeZoneOffset='2' -ModifyDate='2020:01:01 00:00:00' older-camera.jpg
# OffsetTime belongs to the modification: it says nothing of the original.
picture other-offset.jpg
tags -DateTimeOriginal='2026:07:01 12:00:00' -OffsetTime='+09:00' -ModifyDate='2026:08:01 12:00:00' other-offset.jpg
picture never-set.jpg
tags -DateTimeOriginal#='0000:00:00 00:00:00' -CreateDate='2002:12:08 12:00:00' -ModifyDate='1970:01:01 00:00:00' never-set.jpg
picture scanned.jpg
tags -Make=EPSON -Model='Perfection V39' -Software='EPSON Scan' -CreateDate='2026:05:02 09:30:00' scanned.jpg
picture edited.jpg
tags -XMP-exif:DateTimeOriginal='2026-05-01T14:30:15.25+02:00' -XMP-xmp:CreateDate='2026-05-03T10:00:00Z' \
  -XMP-exif:GPSLatitude=51.5 -XMP-exif:GPSLongitude=-0.12 edited.jpg
picture dated-by-photoshop.jpg
tags -XMP-photoshop:DateCreated='2026-05' dated-by-photoshop.jpg
picture phone.png && heif-enc -q 40 -o phone.heic phone.png > /dev/null && \
  ffmpeg $quiet -i phone.png -c:v libaom-av1 -still-picture 1 -crf 50 -pix_fmt yuv420p phone.avif
for phone in phone.heic phone.avif; do
  tags -Make=Apple -DateTimeOriginal='2026:05:01 14:30:15' -OffsetTimeOriginal='+01:00' -SubSecTimeOriginal=250 \
    -GPSLatitude=51.5 -GPSLatitudeRef=N -GPSLongitude=0.12 -GPSLongitudeRef=W $phone
done
rm phone.png
picture /tmp/dates.png && heif-enc -q 40 -o described.heic /tmp/dates.png > /dev/null
tags -XMP-xmp:CreateDate='2026-05-01T14:30:15+01:00' described.heic
picture phone.webp
tags -DateTimeOriginal='2026:05:01 14:30:15' -OffsetTimeOriginal='+01:00' phone.webp
picture described.webp
tags -XMP-xmp:CreateDate='2026-05-01T14:30:15+01:00' described.webp
picture painted.png
tags -PNG:CreationTime='2026:05:01 14:30:15' -PNG:ModifyDate='2026:05:04 00:00:00' painted.png
picture phone.png
tags -EXIF:DateTimeOriginal='2026:05:01 14:30:15' -EXIF:OffsetTimeOriginal='+01:00' phone.png
picture described.png
tags -XMP-exif:DateTimeOriginal='2026-05-01T14:30' described.png
picture scanned.tif
tags -Make=Canon -Model='CanoScan LiDE 400' -EXIF:CreateDate='2026:05:02 09:30:00' -EXIF:ModifyDate='2026:05:03 09:30:00' scanned.tif
picture described.tif
tags -XMP-exif:DateTimeOriginal='2026-05-01T14:30:15+01:00' -XMP-exif:GPSLatitude=51.5 -XMP-exif:GPSLongitude=-0.12 described.tif
picture packed.png
tags -z -XMP-xmp:CreateDate='2026-05-01T14:30:15+01:00' packed.png

# Recordings.
film="-f lavfi -i testsrc2=size=64x48:rate=5:duration=4 -c:v libx264 -preset veryslow -crf 45 -pix_fmt yuv420p"
sound="-f lavfi -i sine=frequency=440:duration=1"
ffmpeg $quiet $film -movflags use_metadata_tags -metadata com.android.version=14 \
  -metadata creation_time=2026-07-02T10:00:04Z android.mp4
# The header is in UTC, and so is what libavformat shows; a key of the same name hides it.
ffmpeg $quiet $film -movflags use_metadata_tags -metadata creation_time=2026-07-02T10:00:00Z hidden.mp4
ffmpeg $quiet $film -metadata creation_time=2026-07-02T10:00:00Z -metadata location=+51.5000-000.1200/ -f mov iphone.mov
tags -Keys:CreationDate='2026:07:02 11:00:00+01:00' -Keys:Make=Apple iphone.mov
ffmpeg $quiet $film -s 176x144 -c:v h263 -metadata location=+51.5000-000.1200/ placed.3gp
ffmpeg $quiet $film camcorder.mp4
tags -UserData:DateTimeOriginal='2026:07:02 11:00:00+01:00' camcorder.mp4
ffmpeg $quiet $film described.mp4
tags -XMP-exif:DateTimeOriginal='2026-07-02T11:00:00+01:00' -XMP-exif:GPSLatitude=51.5 -XMP-exif:GPSLongitude=-0.12 described.mp4
# The header has no date, its track has.
ffmpeg $quiet $film track-only.mp4
tags -QuickTime:TrackCreateDate='2026:07:02 10:00:00' track-only.mp4
ffmpeg $quiet $film cut.mp4
tags -QuickTime:CreateDate='2026:07:02 12:00:00' -QuickTime:TrackCreateDate='2026:07:02 10:00:00' cut.mp4
# What only devices write: the boxes of Canon, GoPro and Sony, and a text of QuickTime.
for maker in canon sony quicktime; do ffmpeg $quiet $film $maker.mp4; done
ffmpeg $quiet $film -metadata creation_time=2026-07-02T11:00:00Z gopro.mp4
python3 boxes.py
ffmpeg $quiet $film -metadata creation_time=2026-07-02T10:00:00Z recorded.mkv
ffmpeg $quiet -f lavfi -i testsrc2=size=64x48:rate=5:duration=1 -c:v wmv2 -metadata creation_time=2026-07-02T10:00:00Z recorded.wmv
ffmpeg $quiet -f lavfi -i testsrc2=size=64x48:rate=5:duration=1 -c:v mjpeg -q:v 20 recorded.avi
python3 - <<'PYTHON'
import struct
data = open("recorded.avi", "rb").read()
chunk = b"IDIT" + struct.pack("<I", 26) + b"Thu Jul 02 11:00:00 2026\n\0"
header = struct.unpack("<I", data[16:20])[0]
open("recorded.avi", "wb").write(
    data[:4] + struct.pack("<I", len(data) - 8 + len(chunk)) + data[8:16] + struct.pack("<I", header + len(chunk))
    + data[20:20 + header] + chunk + data[20 + header:])
PYTHON
ffmpeg $quiet $sound -ar 8000 -c:a pcm_u8 -write_bext 1 -metadata origination_date=2026-07-02 \
  -metadata origination_time=11:00:00 dictated.wav
ffmpeg $quiet $sound -ar 8000 -c:a pcm_u8 -metadata date=2026-07-02 dated.wav
ffmpeg $quiet $sound -c:a libmp3lame -b:a 16k -metadata date=2026-07-02T11:00:00 tagged.mp3
ffmpeg $quiet $sound -c:a libmp3lame -b:a 16k -id3v2_version 3 -metadata TYER=2026 -metadata TDAT=0207 older-tags.mp3
ffmpeg $quiet $sound -c:a libopus -b:a 8k -metadata date=2026-07-02T11:00:00+02:00 tagged.opus
ffmpeg $quiet $sound -c:a flac -metadata date=2026 tagged.flac

# Documents.
cp ../letter.pdf described.pdf
tags -XMP-xmp:CreateDate='2026-06-04T08:00:00+01:00' described.pdf
qpdf --object-streams=generate --linearize ../letter.pdf packed.pdf
python3 documents.py
du -cb -- * | tail -1
