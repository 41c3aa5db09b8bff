#!/usr/bin/env python3
"""Measures how fast photos are inspected, beside the tools that others use for it, in one run.

    make bench
    python3 Benchmarks/inspect.py --files 200 --runs 3 [--folder DIR]

  keepsake     the whole pipeline: received, hashed, sealed, synced, inspected in a confined process, stored, linked
  inspector    keepsake-inspector alone: a confined process for each sealed file
  stay_open    exiftool -stay_open: one process for all files, not confined
  started      exiftool, file and ffprobe, started for each file, not confined

The files are the sample photo with 4 MB of picture, no two the same, two at a time. All rows alternate. Files and CPU
milliseconds for each file are printed, then the ratios; the last line is JSON. Needs Python's package cryptography.
"""
import argparse
import concurrent.futures
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from sealing import sealed_file
from sending import Content, expect, many
from servers import KEEPSAKE, ROOT, Keepsake, cpu_seconds

SIZE, AT_ONCE = 4_000_000, 2


def photos(count):
    """JPEGs whose pictures differ: the sample's with other bytes, none of which begins a marker."""
    with open(os.path.join(ROOT, "Tests/Samples/photo.jpg"), "rb") as file:
        sample = file.read()
    for _ in range(count):
        yield sample[:-2] + os.urandom(SIZE - len(sample)).replace(b"\xff", b"\xfe") + sample[-2:]


class Daemon:
    """The pipeline, by POST."""

    def __init__(self, folder):
        self.keepsake = Keepsake(folder)

    def run(self, contents):
        before = self.keepsake.cpu_seconds()
        together, _ = many(self.keepsake.port, self.post, [Content(content) for content in contents], AT_ONCE)
        self.keepsake.settle()
        spent = self.keepsake.cpu_seconds() - before
        self.keepsake.clear()
        return together, spent

    def post(self, connection, body):
        artefact = self.keepsake.post(connection, body)
        expect(artefact["state"] == "kept", artefact)

    def stop(self):
        self.keepsake.stop()


class Inspector:
    """The fork server, asked as the daemon asks it."""

    def __init__(self, folder):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = os.path.join(os.path.dirname(KEEPSAKE), "keepsake-inspector")
        # As in the daemon: a process that has answered and not quite ended is not one that the next file waits for.
        self.process = subprocess.Popen(
            [program, "--time-limit", "30000", "--concurrency", str(2 * AT_ONCE)], stdin=theirs,
            stdout=subprocess.DEVNULL, env={"LD_BIND_NOW": "1"})
        theirs.close()

    def run(self, contents):
        key = os.urandom(32)
        files = [sealed_file(key, content) for content in contents]
        before = cpu_seconds([self.process.pid])
        together = timed(lambda file: self.ask(file, key), files)
        time.sleep(0.1)  # Until the last is reaped, which is when its time counts.
        for file in files:
            os.close(file)
        return together, cpu_seconds([self.process.pid]) - before

    def ask(self, file, key):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                socket.send_fds(self.socket, [key], [file, theirs.fileno()])
            answer = ours.recv(1 << 17)
        expect(json.loads(answer[4:])["report"]["_0"]["mimeType"] == "image/jpeg", answer)

    def stop(self):
        self.socket.close()
        self.process.wait()


class Tools:
    """What is done with photos that lie in a folder."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, type(self).__name__)
        os.makedirs(self.folder)

    def run(self, contents):
        paths = []
        for index, content in enumerate(contents):
            paths.append(os.path.join(self.folder, f"{index}.jpg"))
            with open(paths[-1], "wb") as file:
                file.write(content)
        before = self.cpu_seconds()
        return timed(self.look, paths), self.cpu_seconds() - before

    def stop(self):
        pass


class StayOpen(Tools):
    """As many exiftools as files at a time, each of which gets a file when it has answered."""

    def __init__(self, folder):
        super().__init__(folder)
        self.idle = [
            subprocess.Popen(
                ["exiftool", "-stay_open", "True", "-@", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(AT_ONCE)]
        self.pids = [process.pid for process in self.idle]

    def look(self, path):
        process = self.idle.pop()
        process.stdin.write(f"-json\n{path}\n-execute\n")
        process.stdin.flush()
        answer = "".join(iter(process.stdout.readline, "{ready}\n"))
        expect(json.loads(answer)[0]["MIMEType"] == "image/jpeg", answer)
        self.idle.append(process)

    def cpu_seconds(self):
        return cpu_seconds(self.pids)

    def stop(self):
        for process in self.idle:
            process.communicate("-stay_open\nFalse\n")


class Started(Tools):
    """Three programs for each file."""

    def look(self, path):
        for command in (["exiftool", "-json"], ["file", "--mime-type"], ["ffprobe", "-v", "error", "-show_streams"]):
            subprocess.run([*command, path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def cpu_seconds(self):
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


def timed(act, items):
    """The seconds that all take together, so many at a time."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        list(pool.map(act, items))
        return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200, help="photos in a run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", help="where the files go")
    arguments = parser.parse_args()
    for program in ("exiftool", "file", "ffprobe"):
        expect(shutil.which(program), f"{program} is missing")

    folder = tempfile.mkdtemp(dir=arguments.folder)
    rows = {"keepsake": Daemon, "inspector": Inspector, "stay_open": StayOpen, "started": Started}
    rows = {name: kind(folder) for name, kind in rows.items()}
    speeds, cpu, loads = {name: [] for name in rows}, {name: [] for name in rows}, []
    try:
        for run in range(arguments.runs):
            loads.append(os.getloadavg()[0])
            for name, row in rows.items():
                together, spent = row.run(list(photos(arguments.files)))
                speeds[name].append(arguments.files / together)
                cpu[name].append(spent / arguments.files * 1000)
            print(f"run {run + 1}  " + "  ".join(f"{name} {values[-1]:.0f}" for name, values in speeds.items())
                  + f"  files/s  (load {loads[-1]:.1f})", flush=True)
    finally:
        for row in rows.values():
            row.stop()
        shutil.rmtree(folder)

    speeds = {name: statistics.median(values) for name, values in speeds.items()}
    cpu = {name: statistics.median(values) for name, values in cpu.items()}
    print(f"\n{'':12} {'files/s':>8} {'CPU ms/file':>12}")
    for name in rows:
        print(f"{name:12} {speeds[name]:8.0f} {cpu[name]:12.1f}")
    for own in ("keepsake", "inspector"):
        for peer in ("stay_open", "started"):
            print(f"{own} × {peer}: {speeds[own] / speeds[peer]:.2f}, its CPU × {cpu[own] / cpu[peer]:.2f}")
    print(json.dumps({"filesPerSecond": speeds, "cpuMillisecondsPerFile": cpu, "loads": loads}))


if __name__ == "__main__":
    sys.exit(main())
