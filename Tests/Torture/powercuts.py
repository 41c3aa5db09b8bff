#!/usr/bin/env python3
"""Takes the disk away from a running daemon, again and again, and looks for what was acknowledged.

    make torture                                                  # as root; everything
    python3 powercuts.py --filesystem ext4 --cuts 100 --seed 1    # power cuts
    python3 powercuts.py --filesystem xfs --cut shutdown --cuts 50
    python3 powercuts.py --filesystem ext4 --eio --cuts 20

Clients add files, whole, in pieces, and in requests of some seconds, by tus and by the IETF's draft (interop versions 6
and 10: creation with all, some or none of the bytes, 104s with the place and with offsets, appends, last answers that
are lost and asked for again), while

  - the power is cut: the store lies on a loop device on a file of powerfs, a disk with a volatile write cache, and its
    image is taken as a power cut would leave it at that moment: what was flushed, and none, all, or a random part of
    what was not, in sectors. The image is looked at, and the daemon goes on as if nothing had been. An image that the
    file system itself cannot mount is counted, and nothing can be looked for in it; more than 5 % of such are wrong;
  - or, --cut shutdown, the file system on a loop device on a plain file is shut down by xfs_io, at random with or
    without its log flushed. The daemon is killed, the file system mounted again, and the store goes on and grows;
  - or, --eio, powerfs fails every write, every flush, or both, for a spell of up to a second, or every few milliseconds
    for up to four. The daemon and its clients go on for up to three seconds, in which a daemon that ended by itself is
    started again; then the daemon is killed, the file system mounted again, which also forgets what was only in memory,
    and the store goes on. With --journal apart, the file system's journal lies on a disk without errors, so that the
    file system outlives the errors of the files.

After each cut a new daemon is started on what is there, and

  - each file that was acknowledged before the cut (in the other two ways: before, during and after it), however it was
    sent, is on the child's timeline exactly once, and nothing is that no client sent;
  - those of them that were sent whole since the cut before, and 20 older ones, and the newest 10 sent in pieces, have
    the bytes that were sent;
  - the newest 10 unfinished uploads stand at the last acknowledged byte or further, and can be finished, and then their
    bytes, too, are those that were sent. What a daemon says to HEAD, or by a 104, counts as acknowledged;
  - of those that were sent by the draft, the last answer is told again, and names the same artefact;
  - keepsake verify --again finds nothing damaged, in the files and in the journal.

At the end the bytes of everything that was ever acknowledged are looked for, and every unfinished upload.

Not looked for: captions and other words; records and backups; what a child, a token or a journal record was
acknowledged as, but for the one child and the one token that are used; held and refused files; files larger than
400 kB; read errors; a full disk.
"""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from clients import Clients
from witness import HERE, Daemon, Findings, Ledger, Unusable, add_child, look, run, verify

OLDER_FILES, NEWEST_UPLOADS = 20, 10


def unmount(root):
    """Waits for the last process there: a killed daemon's inspectors end a moment after it."""
    for _ in range(100):
        if subprocess.run(["umount", root], capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    run("umount", root)


class Disk:
    """A file system on a loop device."""

    SIZE = "4G"

    def __init__(self, folder, filesystem, journal_apart=False):
        self.folder, self.filesystem, self.journal_apart = folder, filesystem, journal_apart
        self.image, self.root = os.path.join(folder, "image"), os.path.join(folder, "mount")
        self.options, self.held = [], []

    def open(self):
        os.makedirs(self.root)
        self.format(self.attach(self.file("journal", "128M")) if self.journal_apart else None)
        self.device = self.attach(self.backing())
        self.mount()

    def file(self, name, size):
        path = os.path.join(self.folder, name)
        run("truncate", "-s", size, path)
        return path

    def format(self, journal):
        self.file("image", self.SIZE)
        if self.filesystem == "xfs":
            extra = ["-l", f"logdev={journal},size=100m"] if journal else []
            self.options = ["-o", f"logdev={journal}"] if journal else []
            run("mkfs.xfs", "-q", "-f", *extra, self.image)
        else:
            if journal:
                run("mke2fs", "-q", "-F", "-b", "4096", "-O", "journal_dev", journal)
            run("mkfs.ext4", "-q", "-F", "-b", "4096", *(["-J", f"device={journal}"] if journal else []), self.image)
            self.options = ["-o", "errors=remount-ro"]

    def attach(self, path):
        """A loop device that goes by itself once this process, and what is mounted of it, are gone."""
        device = run("losetup", "-f", "--show", path)
        self.held.append(os.open(device, os.O_RDONLY))
        run("losetup", "-d", device)
        return device

    def backing(self):
        return self.image

    def mount(self):
        run("mount", *self.options, self.device, self.root)

    def remount(self):
        """Forgets what is not on the disk."""
        unmount(self.root)
        self.mount()

    def shut_down(self, how):
        run("xfs_io", "-x", "-c", how, self.root)

    def close(self):
        subprocess.run(["umount", "-l", self.root], capture_output=True)
        for held in self.held:
            os.close(held)


class PowerDisk(Disk):
    """One whose power can be cut, and which can have errors."""

    process = None

    def backing(self):
        self.powerfs = os.path.join(self.folder, "powerfs")
        os.makedirs(self.powerfs)
        program = os.path.join(self.folder, "powerfs-program")
        flags = run("pkg-config", "--cflags", "--libs", "fuse3").split()
        run("cc", "-O2", "-o", program, os.path.join(HERE, "powerfs.c"), *flags)
        self.process = subprocess.Popen(
            [program, self.image, self.powerfs], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        disk = os.path.join(self.powerfs, "disk")
        for _ in range(100):
            if os.path.exists(disk):
                break
            time.sleep(0.05)
        return disk

    def tell(self, command):
        with open(os.path.join(self.powerfs, "ctl"), "w") as control:
            control.write(command)

    def cut(self, image, mode):
        """Writes the disk as it would be found after a power cut now."""
        self.tell(f"crash {image} {mode}")

    def close(self):
        super().close()
        if self.process:
            subprocess.run(["umount", "-l", self.powerfs])
            self.process.terminate()
            self.process.wait()


class Torture:
    # How many of the clients of each protocol are slow.
    SLOW = 1
    # Whether the disk fails under the daemon.
    MAY_FAIL = True

    def __init__(self, disk, arguments, name):
        self.disk, self.arguments = disk, arguments
        self.generator = random.Random(name)
        self.findings = Findings(name)
        self.ledger, self.daemon = Ledger(), None
        self.cuts, self.looked = 0, 0
        # How many files were acknowledged when the last were looked for.
        self.known = 0

    def run(self):
        try:
            self.begin()
            for number in range(self.arguments.cuts):
                self.round(number)
                self.cuts += 1
                if self.cuts % 10 == 0:
                    print(f"{self.findings.name}: {self.cuts} cuts, {self.figures()}", flush=True)
            self.end()
        except Unusable as error:
            self.findings.add("at last", [f"UNUSABLE {error}"])
        finally:
            if self.daemon:
                self.daemon.stop(signal.SIGKILL)
            self.disk.close()
        print(f"{self.findings.name}: {self.cuts} cuts, {self.figures()}")
        self.findings.report(self.cuts)
        print(f"{self.findings.name}: by the draft: {self.draft_figures()}")
        if self.arguments.sabotage:
            self.findings.say_sabotaged()
        return not self.findings.lines

    def begin(self):
        self.disk.open()
        self.daemon = Daemon(os.path.join(self.disk.root, "store"))
        self.token = self.daemon.token
        self.ledger.child = add_child(self.daemon)

    def figures(self):
        stored = len(self.ledger.digests())
        return f"{stored} acknowledged, {self.looked} looked for by their bytes, {self.findings.summary()}"

    def draft_figures(self):
        return ", ".join(f"{name} {count}" for name, count in sorted(self.ledger.counts.items()))

    def clients(self, number):
        return Clients(self.daemon, self.ledger, self.arguments.seed * 1000 + number, self.SLOW, self.MAY_FAIL)

    def sabotage(self, place, storage, ledger):
        if self.arguments.sabotage and ledger.artefacts and self.generator.random() < 0.3:
            self.findings.sabotage(place, storage, self.generator, ledger)

    def look(self, daemon, ledger, all_of_it=False):
        files, finished, unfinished = list(ledger.artefacts), list(ledger.finished), list(ledger.uploads)
        if not all_of_it:
            known, self.known = self.known, len(files)
            files, finished = files[max(0, known - OLDER_FILES):], finished[-NEWEST_UPLOADS:]
            unfinished = unfinished[-NEWEST_UPLOADS:]
        self.looked += len(files) + len(finished) + len(unfinished)
        return look(daemon, ledger, files, finished + unfinished)


class PowerCuts(Torture):
    """Looks at images; the daemon knows of nothing."""

    MAY_FAIL = False
    MODES = ["none", "all"] + ["rand"] * 4
    # Seconds after the clients began; late enough, that slow ones were told an offset on the way.
    MOMENTS = [0.2] * 3 + [2.4]
    # A part of the images.
    UNMOUNTABLE = 0.05

    unmountable = 0

    def begin(self):
        super().begin()
        self.disk.tell(f"lie_fsync {int(self.arguments.lie)}")

    def round(self, number):
        clients = self.clients(number)
        time.sleep(self.generator.choice(self.MOMENTS) + self.generator.random() * 0.8)
        ledger, image = self.cut()
        clients.stop()
        self.findings.add(f"cut {number}", clients.wrong + self.look_at_image(image, ledger, f"cut {number}"))

    def end(self):
        ledger, image = self.cut()
        self.findings.add("the end", self.look_at_image(image, ledger, "the end", all_of_it=True))
        print(f"{self.findings.name}: {self.unmountable} images could not be mounted")
        if self.unmountable > self.cuts * self.UNMOUNTABLE:
            self.findings.add("the end", ["UNUSABLE too many of them"])

    def cut(self):
        mode = self.generator.choice(self.MODES)
        if mode == "rand":
            mode = f"rand:{self.generator.randint(1, 10**6)}"
        image = os.path.join(self.disk.folder, "cut")
        ledger = self.ledger.snapshot()
        self.disk.cut(image, mode)
        return ledger, image

    def look_at_image(self, image, ledger, place, all_of_it=False):
        root = os.path.join(self.disk.folder, "after")
        os.makedirs(root, exist_ok=True)
        try:
            if not self.mounts(image, root, place):
                return []
            try:
                return self.look_at_store(os.path.join(root, "store"), ledger, place, all_of_it)
            except (OSError, Unusable) as error:
                return [f"UNUSABLE {error}"]
            finally:
                unmount(root)
        finally:
            os.remove(image)

    def mounts(self, image, root, place):
        options = "loop,nouuid" if self.disk.filesystem == "xfs" else "loop"
        done = subprocess.run(["mount", "-o", options, image, root], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{self.findings.name}, {place}: {done.stderr.strip()}", flush=True)
            self.unmountable += 1
        return done.returncode == 0

    def look_at_store(self, storage, ledger, place, all_of_it):
        self.sabotage(place, storage, ledger)
        daemon = Daemon(storage, self.token)
        try:
            wrong = self.look(daemon, ledger, all_of_it)
        finally:
            daemon.stop()
        return wrong + verify(storage)


class Blows(Torture):
    """Ends the daemon's life and goes on with what is there."""

    dead = 0

    def round(self, number):
        clients = self.clients(number)
        time.sleep(0.3 + self.generator.random())
        self.strike()
        self.dead += self.has_ended()
        self.daemon.stop(signal.SIGKILL)
        clients.stop()
        self.disk.remount()
        self.sabotage(f"cut {number}", self.daemon.storage, self.ledger)
        self.daemon = Daemon(self.daemon.storage, self.token)
        wrong = clients.wrong + self.look(self.daemon, self.ledger)
        self.findings.add(f"cut {number}", wrong + verify(self.daemon.storage))

    def has_ended(self):
        return self.daemon.process.poll() is not None

    def end(self):
        self.daemon.stop()
        self.disk.remount()
        self.daemon = Daemon(self.daemon.storage, self.token)
        self.findings.add(
            "the end", self.look(self.daemon, self.ledger, all_of_it=True) + verify(self.daemon.storage))
        print(f"{self.findings.name}: {self.dead} daemons ended by themselves")


class Shutdowns(Blows):
    def strike(self):
        self.disk.shut_down(self.generator.choice(["shutdown", "shutdown -f"]))
        time.sleep(self.generator.random() * 0.5)


class Errors(Blows):
    # Their requests last long enough to outlive a spell.
    SLOW = 6
    revived = 0
    KINDS = [["eio_write"], ["eio_fsync"], ["eio_write", "eio_fsync"]]

    def strike(self):
        kinds = self.generator.choice(self.KINDS)
        if self.generator.random() < 0.5:
            self.fail(kinds, self.generator.choice([0.02, 0.1, 1]) * self.generator.random())
        else:
            self.flicker(kinds, time.monotonic() + 1 + 3 * self.generator.random())
        self.go_on(time.monotonic() + self.generator.random() * 3)

    def go_on(self, end):
        """A daemon that ended is started again, as whoever watches over it would: nothing is mounted anew."""
        can_start = True
        while time.monotonic() < end:
            if can_start and self.has_ended():
                can_start = self.start_again()
            time.sleep(0.05)

    def start_again(self):
        try:
            self.daemon = Daemon(self.daemon.storage, self.token, self.daemon.port)
            self.dead, self.revived = self.dead + 1, self.revived + 1
        except Unusable as error:
            print(f"{self.findings.name}: not started again: {error}", flush=True)
            return False
        return True

    def end(self):
        super().end()
        print(f"{self.findings.name}: {self.revived} of them were started again before the next mount")

    def flicker(self, kinds, end):
        while time.monotonic() < end:
            self.fail(kinds, self.generator.random() * 0.01)
            time.sleep(self.generator.random() * 0.01)

    def fail(self, kinds, seconds):
        for kind in kinds:
            self.disk.tell(f"{kind} 1")
        time.sleep(seconds)
        for kind in kinds:
            self.disk.tell(f"{kind} 0")


def torture(arguments, folder):
    kind = "eio" if arguments.eio else arguments.cut
    apart = arguments.journal == "apart"
    name = f"{arguments.filesystem} {kind}{' journal apart' if apart else ''} seed {arguments.seed}"
    disk = (Disk if kind == "shutdown" else PowerDisk)(folder, arguments.filesystem, apart)
    return {"power": PowerCuts, "shutdown": Shutdowns, "eio": Errors}[kind](disk, arguments, name).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filesystem", choices=["ext4", "xfs"], default="ext4")
    parser.add_argument("--cuts", type=int, default=100, help="cuts, shutdowns or spells")
    parser.add_argument("--seed", type=int, default=1)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--cut", choices=["power", "shutdown"], default="power")
    way.add_argument("--eio", action="store_true", help="spells of errors")
    parser.add_argument("--journal", choices=["same", "apart"], default="same", help="with --eio: where it lies")
    parser.add_argument(
        "--lie", action="store_true", help="a disk that says it has flushed and has not: this must find losses")
    parser.add_argument(
        "--sabotage", action="store_true", help="loses files on purpose after some cuts: this must find them")
    arguments = parser.parse_args()
    if arguments.lie and (arguments.eio or arguments.cut != "power"):
        parser.error("--lie is for power cuts")
    if arguments.journal == "apart" and not arguments.eio:
        parser.error("--journal is for --eio")
    if os.geteuid() != 0:
        sys.exit("Only root can mount: sudo make torture")
    # Told to stop, it still takes its mounts and processes along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="keepsake-torture-")
    try:
        sys.exit(0 if torture(arguments, folder) else 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
