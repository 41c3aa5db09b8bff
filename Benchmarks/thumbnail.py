#!/usr/bin/env python3
"""Measures how fast the thumbnail of a 12-megapixel photo is made, beside ImageMagick, in one run.

    make bench
    python3 Benchmarks/thumbnail.py --photos 20 --runs 3

  renderer     keepsake-renderer: a confined process for each sealed photo, WebP of at most 480 × 480 pixels
  convert      convert -thumbnail 480x480: started for each photo, not confined, JPEG

One photo at a time; the rows alternate. Milliseconds and CPU milliseconds for each photo are printed, then the ratio;
the last line is JSON. Needs Python's package cryptography, and ImageMagick.
"""
import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from sealing import sealed_file
from sending import expect
from servers import KEEPSAKE, cpu_seconds

ORDER = {"mimeType": "image/jpeg", "kinds": ["thumbnail"], "media": {"codecs": [], "hasLocation": False}}


def photo(path):
    """Twelve megapixels with as much in them as a photo has."""
    subprocess.run(["convert", "-size", "4032x3024", "plasma:", "-quality", "90", path], check=True)


class Renderer:
    """The fork server, asked as the daemon asks it."""

    def __init__(self, path):
        self.key = os.urandom(32)
        with open(path, "rb") as file:
            self.file = sealed_file(self.key, file.read())
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = os.path.join(os.path.dirname(KEEPSAKE), "keepsake-renderer")
        self.process = subprocess.Popen(
            [program, "--time-limit", "60000", "--concurrency", "1"], stdin=theirs, stdout=subprocess.DEVNULL,
            env={"LD_BIND_NOW": "1"})
        theirs.close()

    def make(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours:
            with theirs:
                message = self.key + json.dumps(ORDER).encode()
                socket.send_fds(self.socket, [message], [self.file, theirs.fileno()])
            stream = b"".join(iter(lambda: ours.recv(1 << 17), b""))
        letters = []
        while stream:
            letter, size = struct.unpack(">cI", stream[:5])
            letters.append(letter)
            stream = stream[5 + size:]
        expect(letters[0] == b"B" and letters[-2:] == [b"E", b"Z"], letters)

    def cpu_seconds(self):
        time.sleep(0.05)  # Until the last is reaped, which is when its time counts.
        return cpu_seconds([self.process.pid])

    def stop(self):
        self.socket.close()
        self.process.wait()


class Convert:
    """Started for each photo."""

    def __init__(self, path):
        self.command = ["convert", path, "-thumbnail", "480x480", path + ".thumbnail.jpg"]

    def make(self):
        subprocess.run(self.command, check=True)

    def cpu_seconds(self):
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def stop(self):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=20, help="thumbnails in a run")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    expect(shutil.which("convert"), "ImageMagick is missing")

    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "photo.jpg")
    photo(path)
    rows = {"renderer": Renderer(path), "convert": Convert(path)}
    elapsed, cpu = {name: [] for name in rows}, {name: [] for name in rows}
    try:
        rows["renderer"].make()  # Has the server started.
        for _ in range(arguments.runs):
            for name, row in rows.items():
                before, began = row.cpu_seconds(), time.perf_counter()
                for _ in range(arguments.photos):
                    row.make()
                elapsed[name].append((time.perf_counter() - began) / arguments.photos * 1000)
                cpu[name].append((row.cpu_seconds() - before) / arguments.photos * 1000)
    finally:
        for row in rows.values():
            row.stop()
        shutil.rmtree(folder)

    elapsed = {name: statistics.median(values) for name, values in elapsed.items()}
    cpu = {name: statistics.median(values) for name, values in cpu.items()}
    print(f"{'':10} {'ms/photo':>9} {'CPU ms/photo':>13}")
    for name in rows:
        print(f"{name:10} {elapsed[name]:9.0f} {cpu[name]:13.0f}")
    print(f"renderer × convert: {elapsed['convert'] / elapsed['renderer']:.2f} as fast, "
          f"its CPU × {cpu['renderer'] / cpu['convert']:.2f}")
    print(json.dumps({"millisecondsPerPhoto": elapsed, "cpuMillisecondsPerPhoto": cpu}))


if __name__ == "__main__":
    sys.exit(main())
