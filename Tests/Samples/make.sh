#!/usr/bin/env bash
# Makes the sample files, with tools that people use. The made files are
# committed, so that the tests need none of these tools:
#   apt-get install ffmpeg imagemagick libheif-examples libvips-tools libimage-exiftool-perl espeak-ng gcc python3 qpdf
set -euo pipefail
cd "$(dirname "$0")"
convert=/usr/bin/convert
quiet="-hide_banner -loglevel error -y -fflags +bitexact -flags:v +bitexact -flags:a +bitexact"

# A drawing: a house, a sun, a tree and somebody small.
$convert -size 640x440 xc:'#fdfaf0' \
  -fill '#86b95c' -draw 'rectangle 0,330 640,440' \
  -stroke '#c0392b' -strokewidth 6 -fill '#f2b5a0' -draw 'rectangle 200,180 400,340' \
  -fill '#c0392b' -draw 'polygon 180,185 300,85 420,185' \
  -stroke '#5b3a1e' -fill '#8e5b33' -draw 'rectangle 275,255 325,340' \
  -stroke '#2d6da3' -fill '#bfe1f6' -draw 'rectangle 220,205 265,250 rectangle 335,205 380,250' \
  -stroke '#e2a300' -fill '#ffd84d' -draw 'circle 545,85 545,40' \
  -draw 'line 545,20 545,2 line 545,150 545,172 line 480,85 458,85 line 610,85 632,85 line 497,38 482,22 line 593,38 608,22' \
  -stroke '#5b3a1e' -fill '#8e5b33' -draw 'rectangle 90,240 112,345' \
  -stroke '#2f7d3b' -fill '#57a84f' -draw 'circle 101,205 101,145' \
  -stroke '#333333' -strokewidth 4 -fill '#ffe0c2' -draw 'circle 480,275 480,255' \
  -draw 'line 480,295 480,350 line 480,312 455,330 line 480,312 505,330 line 480,350 460,385 line 480,350 500,385' \
  -strip -colors 48 PNG8:drawing.png

# A photo from a phone: camera, orientation, date with offset and fraction, position.
$convert -size 480x360 plasma:'#2b5c8a-#e8b878' -seed 7 -quality 60 -strip photo.jpg
exiftool -q -overwrite_original -Make=Pixelmaker -Model='Phone 7' -Orientation#=6 \
  -DateTimeOriginal='2026:05:01 14:30:15' -OffsetTimeOriginal='+01:00' -SubSecTimeOriginal=250 \
  -CreateDate='2026:05:01 14:30:15' -GPSLatitude=51.5 -GPSLatitudeRef=N -GPSLongitude=0.12 -GPSLongitudeRef=W photo.jpg
head -c $(( $(stat -c %s photo.jpg) * 2 / 3 )) photo.jpg > cut-short.jpg
$convert -size 320x240 gradient:'#f6d365-#fda085' /tmp/sample-heic.png
heif-enc -q 40 -o photo.heic /tmp/sample-heic.png > /dev/null

# A scan as offices keep it, and a photo whose colours are not those of a plain screen: green of sRGB in P3.
$convert -size 300x400 xc:white -fill '#224488' -draw 'rectangle 40,40 260,90' -compress LZW -strip scan.tiff
$convert -size 64x48 xc:'#00ff00' /tmp/sample-green.png
vips icc_transform /tmp/sample-green.png bright.jpg p3

# A moving picture with sound, in each container that phones and browsers make.
picture="-f lavfi -i testsrc2=size=320x240:rate=12:duration=3"
sound="-f lavfi -i sine=frequency=440:duration=3"
h264="-c:v libx264 -preset veryslow -crf 38 -pix_fmt yuv420p -c:a aac -b:a 24k -ac 1"
ffmpeg $quiet -loop 1 -i drawing.png -f lavfi -i sine=frequency=440:duration=3 \
  -vf "zoompan=z='1+0.012*on':x='iw*0.55':y='ih*0.4':d=36:s=320x240:fps=12" -t 3 $h264 \
  -metadata creation_time=2026-06-02T10:11:12Z -movflags +faststart video.mp4
ffmpeg $quiet $picture $sound $h264 -movflags use_metadata_tags \
  -metadata com.apple.quicktime.creationdate=2026-06-03T17:45:00+0100 -metadata com.apple.quicktime.make=Apple \
  -metadata com.apple.quicktime.model='iPhone 15' -metadata com.apple.quicktime.location.ISO6709='+51.5000-000.1200/' clip.mov
# Upright, as newer phones film: HEVC, 10 bits, to be turned.
ffmpeg $quiet $picture $sound -c:v libx265 -x265-params log-level=none:info=0 -crf 40 -pix_fmt yuv420p10le -tag:v hvc1 \
  -c:a aac -b:a 24k -ac 1 /tmp/sample-hevc.mov
ffmpeg $quiet -i /tmp/sample-hevc.mov -c copy -metadata:s:v rotate=90 -movflags use_metadata_tags \
  -metadata com.apple.quicktime.creationdate=2026-06-03T17:45:00+0100 -metadata com.apple.quicktime.make=Apple \
  -metadata com.apple.quicktime.location.ISO6709='+51.5000-000.1200/' upright.mov
ffmpeg $quiet $picture $sound -c:v libvpx -b:v 80k -c:a libopus -b:a 16k clip.webm

# A voice note: somebody speaks.
espeak-ng -v en-gb -s 150 -w /tmp/sample-voice.wav 'I went to the park, and I saw a dog.'
voice="-i /tmp/sample-voice.wav"
ffmpeg $quiet $voice -c:a aac -b:a 24k -ac 1 -metadata creation_time=2026-06-04T08:00:00Z voice.m4a
ffmpeg $quiet $voice -c:a libmp3lame -b:a 24k -ac 1 voice.mp3
ffmpeg $quiet $voice -c:a pcm_u8 -ar 8000 -ac 1 voice.wav
ffmpeg $quiet $voice -c:a libopus -b:a 16k voice.opus
# Debian's FFmpeg has no AMR encoder; the one in the package av from PyPI has.
libraries=$(mktemp -d)
python3 -m pip install -q --target "$libraries" av fpdf2
PYTHONPATH=$libraries python3 - <<'PYTHON'
import av
from av.audio.resampler import AudioResampler
with av.open("/tmp/sample-voice.wav") as source, av.open("voice.amr", "w", format="amr") as target:
    stream = target.add_stream("libopencore_amrnb", rate=8000, layout="mono")
    stream.bit_rate = 7950
    resampler = AudioResampler(format="s16", layout="mono", rate=8000, frame_size=160)
    for frame in list(source.decode(audio=0)) + [None]:
        for part in resampler.resample(frame):
            target.mux(stream.encode(part))
    target.mux(stream.encode(None))
PYTHON
ffmpeg $quiet $picture -i voice.amr -s 176x144 -r 12 -c:v h263 -b:v 48k -c:a copy -shortest clip.3gp

# Writing.
printf 'Dear Amira,\n\nYou told me about the dog in the park.\n\nSam\n' > letter.txt
PYTHONPATH=$libraries python3 - <<'PYTHON'
import datetime
from fpdf import FPDF
letter = FPDF()
letter.set_creation_date(datetime.datetime(2026, 6, 5, 9, 0, tzinfo=datetime.timezone.utc))
letter.add_page()
letter.set_font("Helvetica", size=20)
letter.multi_cell(0, 12, "Dear Amira,\n\nYou told me about the dog in the park.\n\nSam")
letter.output("letter.pdf")
PYTHON
python3 - <<'PYTHON'
import zipfile
parts = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Dear Amira, you told me about the dog.</w:t></w:r></w:p></w:body></w:document>',
}
with zipfile.ZipFile("letter.docx", "w", zipfile.ZIP_DEFLATED) as document:
    for name, text in parts.items():
        document.writestr(zipfile.ZipInfo(name, (2026, 6, 5, 9, 0, 0)), text)
PYTHON

# What is not what it says.
: > empty.jpg
printf 'void _start(void) { __asm__("mov $60, %%eax; xor %%edi, %%edi; syscall"); }' | \
  gcc -x c -nostdlib -static -s -Wl,--build-id=none -Wl,-z,norelro -o holiday.jpg -

# One of each format, and of what is done to formats.
python3 -m pip install -q --target "$libraries" msoffcrypto-tool pikepdf pillow py7zr pycdlib xlwt
mkdir -p formats
(cd formats && PYTHONPATH=$libraries python3 ../formats.py)

# Pictures and films that tell where and with what they were made, each in its own way:
# position, serial number, notes of the maker, XMP, IPTC, comments, a clip behind a photo.
python3 -m pip install -q --target "$libraries" pillow fpdf2
PYTHONPATH=$libraries python3 located.py

# Writing in every form, each with words that are seen and others that are not.
PYTHONPATH=$libraries python3 texts.py

# Where formats keep dates.
Dates/make.sh
