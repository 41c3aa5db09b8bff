#!/usr/bin/env python3
"""Runs every script of this folder, and says what came of each.

    make torture                                    # as root; everything, as often as the table in README.md says
    make torture SCALE=0.05 SEED=7                  # a quick look
    python3 torture.py --scale 0.05 --only power    # those parts whose name has that in it
    python3 torture.py --beside 1                   # one part after the other, where a moment's delay is looked into

Each part has namespaces of its own for mounts and processes, and a folder of its own: when it ends, or is ended,
whatever it started and mounted goes with it, even where this is killed by SIGKILL; only the folder is left then.

Two parts run beside one another, and everything lies in memory where there is room for it: a process that is killed
takes nothing along that it wrote, on whatever it wrote it, and the disk whose power is cut is one of our own.

Every part gets the same seed. At the end a table says how often each part struck, how much it found wrong, and how long
it took; the status is 1 if anything was wrong, or a part did not come to its end.
"""
import argparse
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from witness import HERE

# A script with its options, which of them says how often, and how often that is at full scale.
Part = collections.namedtuple("Part", "name script options count full")


def part(name, script, options, count, full):
    return Part(name, script, options.split(), count, full)


PARTS = [
    *(part(f"kills of {command}", "kills.py", f"--command {command}", "--kills", 200)
      for command in ["rotate", "gc", "backup", "restore", "export", "serve"]),
    part("uploads: kills", "uploads.py", "--part kills", "--kills", 500),
    part("uploads: joins", "uploads.py", "--part joins", "--joins", 5),
    part("uploads: line", "uploads.py", "--part line", "--faults", 300),
    part("uploads: races", "uploads.py", "--part races", "--races", 200),
    part("uploads: races by TLS", "uploads.py", "--part races --tls", "--races", 100),
    part("uploads: full", "uploads.py", "--part full", "--fills", 10),
    part("power cuts, ext4", "powercuts.py", "--filesystem ext4", "--cuts", 100),
    part("power cuts, XFS", "powercuts.py", "--filesystem xfs", "--cuts", 100),
    part("shutdowns, XFS", "powercuts.py", "--filesystem xfs --cut shutdown", "--cuts", 50),
    part("errors, XFS", "powercuts.py", "--filesystem xfs --eio --journal apart", "--cuts", 10),
    part("errors, ext4", "powercuts.py", "--filesystem ext4 --eio", "--cuts", 10),
]

# The process dies with this one, and everything in its namespaces with it. The shell reaps what its daemons leave.
APART = [
    "setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
    "sh", "-c", '"$@"; exit $?', "sh"]

Row = collections.namedtuple("Row", "name done asked wrong seconds")

MEMORY, NEEDED = "/dev/shm", 6 << 30


def roomiest():
    """Where parts have their folders: in memory, or where temporary files lie."""
    try:
        room = os.statvfs(MEMORY)
        return MEMORY if room.f_bavail * room.f_frsize >= NEEDED else None
    except OSError:
        return None


class Run:
    """One part, apart from everything else."""

    def __init__(self, part, arguments):
        self.part, self.arguments = part, arguments
        self.asked = max(1, round(part.full * arguments.scale))

    def start(self):
        self.folder = tempfile.mkdtemp(prefix="keepsake-torture-", dir=self.arguments.folder)
        self.results = os.path.join(self.folder, "results")
        self.began = time.monotonic()
        command = [
            sys.executable, os.path.join(HERE, self.part.script), *self.part.options, self.part.count, str(self.asked),
            "--seed", str(self.arguments.seed)]
        print("$ " + " ".join([os.path.basename(word) for word in command[1:2]] + command[2:]), flush=True)
        self.process = subprocess.Popen([*APART, *command], env={
            **os.environ, "TMPDIR": self.folder, "PYTHONUNBUFFERED": "1", "KEEPSAKE_TORTURE_RESULTS": self.results})
        return self

    def has_ended(self):
        return self.process.poll() is not None

    def row(self):
        """What came of it; one that has not ended is ended."""
        try:
            self.process.kill()
            return self.judge(self.process.wait(), time.monotonic() - self.began)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def judge(self, status, seconds):
        """A part that said nothing of itself, or less than its status, has one thing wrong: it did not end as it ought."""
        done, wrong = 0, 0
        if os.path.exists(self.results):
            with open(self.results) as file:
                for result in map(json.loads, file):
                    done, wrong = done + result["done"], wrong + result["wrong"]
        is_whole = status == (1 if wrong else 0) and done >= self.asked
        return Row(self.part.name, done, self.asked, wrong or int(not is_whole), seconds)


def run(parts, arguments, rows):
    """Runs them, so many beside one another, and adds what came of each."""
    waiting, running = list(parts), []
    try:
        while waiting or running:
            while waiting and len(running) < arguments.beside:
                running.append(Run(waiting.pop(0), arguments).start())
            ended = [one for one in running if one.has_ended()]
            running = [one for one in running if one not in ended]
            rows += [one.row() for one in ended]
            time.sleep(0.1)
    finally:
        rows += [one.row() for one in running]


def show(rows):
    print(f"\n{'part':<24}{'done':>6}{'of':>6}{'wrong':>7}{'seconds':>9}")
    for row in rows:
        print(f"{row.name:<24}{row.done:>6}{row.asked:>6}{row.wrong:>7}{row.seconds:>9.0f}")
    print(f"{'all':<24}{sum(row.done for row in rows):>6}{sum(row.asked for row in rows):>6}"
          f"{sum(row.wrong for row in rows):>7}{sum(row.seconds for row in rows):>9.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1, help="how many of the full counts; at least one of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beside", type=int, default=2, help="how many parts run at once")
    parser.add_argument("--folder", default=roomiest(), help="where parts have their folders")
    parser.add_argument("--only", default="", help="a piece of the names of the parts to run")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("Only root can mount: sudo make torture")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    rows = []
    try:
        run([part for part in PARTS if arguments.only in part.name], arguments, rows)
    finally:
        show(rows)
    sys.exit(1 if not rows or any(row.wrong for row in rows) else 0)


if __name__ == "__main__":
    main()
