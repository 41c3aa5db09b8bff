#!/usr/bin/env python3
"""Tortures uploads by tus 1.0.0 and by the IETF's draft, and looks for what was acknowledged.

    make torture                                       # everything
    python3 uploads.py --part kills --kills 500        # SIGKILL of the daemon
    python3 uploads.py --part joins --joins 5          # SIGKILL while large files are put together
    python3 uploads.py --part line --faults 300        # a bad line, by faultproxy.py
    python3 uploads.py --part races --races 200        # twice, too late, and from a second connection
    python3 uploads.py --part full --fills 10          # a full disk; as root
    python3 uploads.py --part races --tls              # any of them by HTTPS

Eight clients send one file after another, four by tus and four by the draft:

  - tus: requests of 1 byte to the whole file, with and without a checksum, some with a wrong one; with the length said
    at last; with the first bytes in the creation; in partial uploads that are put together, some before they are whole;
  - the draft, interop versions 6 and 10: creation with all, some or none of the bytes, whose 104 is seen on the bare
    socket; appends; requests of some seconds, so that a 104 says an offset; clients that lose the last answer, and ask
    for it again.

What is done to them:

  - kills: the daemon is killed at a random instant, and started again on the same port;
  - joins: it is killed while large files are put together, of which a part is on the disk;
  - line: connections are cut after so many bytes, lose their reply, are reset, fall into a hole for up to 6 s and come
    out of it, crawl, or are refused;
  - races: a request is sent twice at once; one is sent again when a later one was acknowledged, with the same bytes or
    others; one stalls in the middle while others take the upload over;
  - full: the store lies on a file system of 64 MB, tmpfs or ext4, which is filled to the reserve or to its last byte.
    Now and then the daemon is killed and started again meanwhile. Then there is room again.

What is looked for:

  - whoever is told an offset finds that or a later one afterwards, and never one beyond what was sent; what HEAD says
    is taken by the next request;
  - each finished upload is on the timeline once, and nothing twice that was ever begun, and nothing that was not;
  - the SHA-256 of each finished file's content is the source's, soon after its end (of some) and at the end (of all);
  - in races, whoever takes over is answered within 2 s, and what came late changes nothing;
  - once there is room again every upload goes on to its end, without a new start of the daemon;
  - after two more starts, uploads/ holds nothing but *.ended, and the log and spool of uploads that are partial, were
    left unfinished by their client, or whose creation was never answered; no job was given up; keepsake gc leaves no
    blob but what was sent, and what the index knows as made of it, and takes none of these; keepsake verify --again
    finds nothing.

With --sabotage, after some kills a bit of a stored file is flipped, or the log of an upload loses what it acknowledged:
this must end with status 1, and NOT FOUND must be 0.
"""
import argparse
import collections
import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from certificate import Certificate
from racer import Racer
from senders import PATIENCE, Book, DraftClient, Lost, TusClient
from witness import (
    HERE, LOOKERS, Daemon, Findings, Unusable, add_child, blob_path, flip, keepsake, look_for_artefact, run, timeline,
    verify)
from wire import Address


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Part:
    """A daemon with its clients, what happens to them, and the looking at the end."""

    # What it counts as a blow in its book.
    BLOW = None
    most, files, limit, is_delayed = 1 << 22, None, 30, False
    reserve = 1_000_000
    count = 8

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.generator = random.Random(f"{type(self).__name__} {arguments.seed}")
        self.folder, self.storage = folder, os.path.join(folder, "store")
        self.certificate = Certificate(folder) if arguments.tls else None
        by = " by TLS" if arguments.tls else ""
        self.findings = Findings(f"{type(self).__name__.lower()}{by} seed {arguments.seed}")
        self.book = Book(self.findings)
        self.daemon, self.token, self.clients, self.threads = None, None, [], []
        self.port = free_port()

    def settings(self):
        return {"KEEPSAKE_UPLOADS_RESERVE_BYTES": str(self.reserve)}

    def run(self):
        try:
            self.begin()
            self.torture()
            self.let_finish()
            self.look()
        except Unusable as error:
            self.findings.add(self.book.place, [f"UNUSABLE {error}"])
        finally:
            self.end()
        print(f"{self.findings.name}: {self.book.figures()}")
        print(f"{self.findings.name}: {self.findings.summary()}", flush=True)
        self.findings.report(self.blows())
        return not self.findings.lines

    def begin(self):
        self.start()
        self.child = add_child(self.daemon)
        self.add_clients()

    def start(self):
        self.daemon = Daemon(self.storage, self.token, self.port, self.settings(), self.certificate)
        self.token, self.book.last_words = self.daemon.token, self.daemon.last_words

    def blows(self):
        return self.book.counts[self.BLOW]

    def line(self):
        """The port that clients use."""
        return self.port

    def address(self):
        return Address(self.line(), self.certificate and self.certificate.trust)

    def add_clients(self):
        for number in range(self.count):
            kind = TusClient if number < self.count // 2 else DraftClient
            client = kind(
                self.book, self.address(), self.token, self.child, random.Random(f"{self.arguments.seed} {number}"),
                f"client{number}", self.most, self.limit, self.files)
            client.is_delayed = self.is_delayed
            self.clients.append(client)
            self.threads.append(threading.Thread(target=client.run, daemon=True))
        for thread in self.threads:
            thread.start()

    def let_finish(self):
        self.book.place = "the end"
        for client in self.clients:
            client.stopped = True
        for thread in self.threads:
            thread.join(2 * PATIENCE)
        stuck = [client.name for client, thread in zip(self.clients, self.threads) if thread.is_alive()]
        self.findings.add("the end", [f"STUCK {name} does not come to its end" for name in stuck])

    def look(self):
        for _ in range(2):
            self.daemon.stop()
            self.start()
        self.findings.add("the end", self.look_at_timeline() + self.look_at_waiting() + self.look_at_contents())
        self.findings.add("the end", self.wait_for_jobs())
        self.daemon.stop()
        self.findings.add("the end", self.look_at_folder() + verify(self.storage))

    def look_at_timeline(self):
        with self.book.lock:
            finished = dict(self.book.finished)
        listed = timeline(self.daemon, self.child)
        if listed is None:
            return ["UNUSABLE the timeline cannot be read"]
        with self.book.lock:
            sent = set(self.book.sent)
        digests = collections.Counter(digest for _, digest in listed)
        wrong = [f"LOST {digest}: not on the timeline" for digest in finished if digest not in digests]
        wrong += [f"TWICE {digest}: {count} times on the timeline" for digest, count in digests.items() if count > 1]
        return wrong + [f"STRAY {digest} was never sent" for digest in digests if digest not in sent]

    def look_at_waiting(self):
        """Uploads that their clients left stand where they were said to stand."""
        wrong = []
        for upload in [*self.book.waiting.values(), *self.book.pieces.values()]:
            status, headers, _ = self.daemon.ask("HEAD", upload.path, headers=upload.headers())
            known = int(headers.get("upload-offset", -1))
            if "upload-concat" in headers and known == -1:
                continue
            if status not in (200, 204) or known < upload.offset:
                wrong.append(f"OFFSET of {upload.path} was {upload.offset}, said {upload.said}, and is {known}")
        return wrong

    def look_at_contents(self):
        """Every file's, those too whose last answer was never heard."""
        listed = timeline(self.daemon, self.child) or []
        with ThreadPoolExecutor(LOOKERS) as pool:
            wrong = [*pool.map(lambda item: look_for_artefact(self.daemon, *item), listed)]
        self.book.count("contents compared", len(listed))
        return [line for lines in wrong for line in lines]

    def look_at_folder(self):
        """What may lie in uploads/ after everything came to its end."""
        wrong, folder = [], os.path.join(self.storage, "uploads")
        names = set(os.listdir(folder))
        known = {**self.book.waiting, **self.book.pieces}
        for name in sorted(names):
            id, kind = name.rsplit(".", 1)
            if kind == "ended":
                self.book.count("left: ended")
            elif kind not in ("spool", "upload"):
                wrong.append(f"ORPHAN uploads/{name}")
            elif kind == "spool" and id + ".upload" not in names:
                wrong.append(f"ORPHAN uploads/{name}: a spool without a log")
            elif id in known:
                self.book.count("left: " + kind)
            elif self.declared_name(folder, id) in self.book.unanswered:
                self.book.count("left, never answered: " + kind)
            else:
                wrong.append(f"ORPHAN uploads/{name}: its upload was finished or removed")
        return wrong + self.look_at_blobs()

    @staticmethod
    def declared_name(folder, id):
        with open(os.path.join(folder, id + ".upload")) as log:
            return json.loads(log.readline())["declared"].get("fileName")

    def wait_for_jobs(self):
        """Until all is made of the files that is made of them, which gives way to everything else on this machine."""
        left, end = None, None
        while left != 0:
            before, left = left, self.index("SELECT count(*) FROM jobs WHERE failedAt IS NULL")[0]
            if before is None or left < before:
                end = time.monotonic() + PATIENCE
            elif time.monotonic() > end:
                break
            time.sleep(0.2)
        wrong = [f"STUCK {left} jobs are left"] if left else []
        return wrong + self.index("SELECT 'GIVEN UP ' || artefact || ': ' || problem FROM jobs WHERE failedAt > 0")

    def index(self, query):
        """The first column of what the index says."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.storage, "index.sqlite"), timeout=10)) as index:
            return [row[0] for row in index.execute(query)]

    def look_at_blobs(self):
        """What a kill left between storing and linking is nobody's until the same is made again, or gc takes it."""
        derived = set(self.index("SELECT digest FROM derivatives WHERE digest IS NOT NULL"))
        known = self.book.sent | derived
        before = self.blobs()
        self.book.count("blobs of nobody", len(before - known))
        done = keepsake("gc", "--grace-hours", "0", "--storage", self.storage)
        after = self.blobs()
        wrong = [] if done.returncode == 0 else [f"FAILED keepsake gc: {done.stderr.strip()[-300:]}"]
        wrong += [f"ORPHAN {blob_path(self.storage, digest)}" for digest in after - known]
        linked = set(self.index("SELECT digest FROM artefacts")) | derived
        return wrong + [f"LOST {digest}: taken by gc" for digest in (before - after) & linked]

    def blobs(self):
        return {"sha256:" + name for _, _, names in os.walk(os.path.join(self.storage, "blobs")) for name in names}

    def end(self):
        for client in self.clients:
            client.stopped = True
        if self.daemon and self.daemon.process.poll() is None:
            self.daemon.stop(signal.SIGKILL)


class Kills(Part):
    """SIGKILL of the daemon at random instants."""

    BLOW = "kills"
    LONGEST = 4
    # Every so many kills the timeline is looked at, and the figures are printed.
    EVERY = 50

    def begin(self):
        self.sabotaged = []
        super().begin()

    def torture(self):
        for number in range(1, self.arguments.kills + 1):
            time.sleep(min(self.LONGEST, self.generator.expovariate(2)))
            self.book.place = f"kill {number}"
            if self.daemon.process.poll() is not None:
                self.book.wrong(f"UNUSABLE the daemon ended by itself: {self.daemon.last_words()}")
            self.daemon.stop(signal.SIGKILL)
            if self.arguments.sabotage and self.generator.random() < 0.5:
                self.sabotage()
            self.start()
            self.book.count("kills")
            if number % self.EVERY == 0:
                self.findings.add(self.book.place, self.look_at_timeline())
                print(f"{self.findings.name}: {number} kills, {self.book.figures()}", flush=True)

    def sabotage(self):
        if self.generator.random() < 0.5:
            self.flip_blob()
        else:
            self.shorten_log()

    def flip_blob(self):
        with self.book.lock:
            digests = sorted(self.book.finished)
        if digests:
            digest = self.generator.choice(digests)
            flip(blob_path(self.storage, digest), self.generator)
            self.note("flipped", digest)

    def shorten_log(self):
        """Takes from an upload what it acknowledged."""
        time.sleep(0.2)
        with self.book.lock:
            uploads = [upload for upload in self.book.waiting.values() if upload.offset > 0]
        for upload in uploads:
            log = os.path.join(self.storage, "uploads", upload.id + ".upload")
            if not os.path.exists(log):
                continue
            with open(log, "r+b") as file:
                first = file.readline()
                if b'"received"' in file.read():
                    continue
                file.truncate(len(first))
            return self.note("shortened", upload.path)

    def note(self, way, what):
        self.sabotaged.append(what)
        print(f"{self.findings.name}, {self.book.place}: sabotage: {way} {what}", flush=True)

    def end(self):
        super().end()
        if self.arguments.sabotage:
            missed = [what for what in set(self.sabotaged) if not any(what in line for line in self.findings.lines)]
            print(f"{self.findings.name}: sabotaged {len(set(self.sabotaged))}, NOT FOUND {len(missed)} "
                  f"{' '.join(missed)}".rstrip())


class Joins(Kills):
    """SIGKILL while large files are put together, of which a part is on the disk."""

    count = 2

    def add_clients(self):
        for number in range(self.count):
            client = TusClient(
                self.book, self.address(), self.token, self.child, random.Random(f"{self.arguments.seed} {number}"),
                f"client{number}", self.most, self.limit)
            client.size = lambda: 60 << 20
            client.piece_size = lambda: 100 << 20
            client.deliver = client.joined
            self.clients.append(client)
            self.threads.append(threading.Thread(target=client.run, daemon=True))
        for thread in self.threads:
            thread.start()

    def torture(self):
        for number in range(1, self.arguments.joins + 1):
            self.wait_for_half()
            self.book.place = f"kill {number}"
            self.daemon.stop(signal.SIGKILL)
            self.start()
            self.book.count("kills")

    def wait_for_half(self):
        """Until a final upload has a part on the disk."""
        folder = os.path.join(self.storage, "uploads")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for name in os.listdir(folder):
                if name.endswith(".upload") and name[:-7] not in self.book.pieces and self.is_half(folder, name):
                    return self.book.count("kills of a half")
            time.sleep(0.01)

    @staticmethod
    def is_half(folder, name):
        try:
            with open(os.path.join(folder, name), "rb") as log:
                lines = log.read()
            written = os.path.getsize(os.path.join(folder, name[:-7] + ".spool"))
        except FileNotFoundError:
            return False
        return b'"final"' in lines and written > 32 << 20 and b'"received"' not in lines


class Line(Part):
    """A bad line between clients and daemon."""

    BLOW = "faults"
    limit, is_delayed = 4, True
    EVERY = 50
    # Bytes that the daemon sends before its answer.
    greeting = 0

    def begin(self):
        self.proxy_port, self.control_port = free_port(), free_port()
        self.proxy = subprocess.Popen([
            sys.executable, os.path.join(HERE, "faultproxy.py"), str(self.proxy_port), str(self.port),
            str(self.control_port)], stderr=subprocess.DEVNULL)
        time.sleep(1)
        super().begin()

    def line(self):
        return self.proxy_port

    def add_clients(self):
        if self.certificate:
            self.greeting = self.measure_greeting()
        super().add_clients()

    def measure_greeting(self):
        """What a handshake takes, and some bytes: a signature is not always of the same length."""
        before = self.passed_down()
        connection = self.address().connect(self.limit)
        time.sleep(0.3)
        connection.close()
        return self.passed_down() - before + 8

    def passed_down(self):
        return int(re.search(r"'down': (\d+)", self.tell("stats"))[1])

    def torture(self):
        faults = [self.cut_body, self.cut_body, self.lose_reply, self.lose_reply, self.reset, self.hole, self.crawl,
                  self.refuse]
        for number in range(1, self.arguments.faults + 1):
            time.sleep(self.generator.random() * 0.4)
            fault = self.generator.choice(faults)
            self.book.place = f"fault {number}, {fault.__name__}"
            fault()
            self.tell("clear")
            self.book.count("faults")
            self.book.count("faults: " + fault.__name__)
            if number % self.EVERY == 0:
                self.findings.add(self.book.place, self.look_at_timeline())
                print(f"{self.findings.name}: {number} faults, {self.book.figures()}", flush=True)

    def tell(self, command):
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=10) as control:
            control.sendall(command.encode() + b"\n")
            return control.recv(1000).decode()

    def cut_body(self):
        self.tell(f"cut_after {int(2 ** self.generator.uniform(7, 21))}")
        time.sleep(0.2)

    def lose_reply(self):
        self.tell(f"cut_reply {self.greeting + self.generator.choice([0, 0, 1, 20, 200])}")
        time.sleep(0.2)

    def reset(self):
        self.tell("rst")

    def hole(self):
        self.tell("blackhole 1")
        time.sleep(self.generator.choice([0.2, 1, 6]) * self.generator.random())

    def crawl(self):
        self.tell(f"rate {self.generator.randint(50_000, 2_000_000)}")
        time.sleep(self.generator.random())

    def refuse(self):
        self.tell("refuse 1")
        time.sleep(self.generator.random() * 0.3)

    def let_finish(self):
        self.tell("clear")
        super().let_finish()

    def end(self):
        super().end()
        self.proxy.kill()
        self.proxy.wait()


class Races(Part):
    """Requests for the same upload, beside one another."""

    BLOW = "races"
    count, most = 4, 1 << 21
    slowest = 0

    def add_clients(self):
        self.left = list(range(self.arguments.races))
        for number in range(self.count):
            kind = TusClient if number < self.count // 2 else DraftClient
            generator = random.Random(f"races {self.arguments.seed} {number}")
            client = kind(self.book, self.address(), self.token, self.child, generator, f"racer{number}", self.most)
            client.size = lambda generator=generator: generator.randint(100_000, self.most)
            racer = Racer(self, client, generator)
            self.threads.append(threading.Thread(target=self.race, args=(racer,), daemon=True))
        for thread in self.threads:
            thread.start()

    def race(self, racer):
        while self.left:
            try:
                self.left.pop()
                racer.race()
                self.book.count("races")
            except Lost as error:
                self.book.wrong(str(error))

    def torture(self):
        for thread in self.threads:
            thread.join()

    def look(self):
        super().look()
        print(f"{self.findings.name}: whoever took over was answered within {self.slowest:.2f} s")


class Full(Part):
    """A file system that fills up, and is given room again."""

    BLOW = "fillings"
    most, files, reserve = 1_500_000, 2, 8 << 20
    SIZE = 64 << 20

    def run(self):
        self.filesystem, self.brim = self.generator.choice(["tmpfs", "ext4"]), self.generator.random() < 0.5
        self.findings.name += f" {self.filesystem} {'to the last byte' if self.brim else 'to the reserve'}"
        self.root = os.path.join(self.folder, "mount")
        self.storage, self.filler = os.path.join(self.root, "store"), os.path.join(self.root, "filler")
        os.makedirs(self.root)
        self.mount()
        try:
            return super().run()
        finally:
            run("umount", "-l", self.root)

    def mount(self):
        if self.filesystem == "tmpfs":
            run("mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", self.root)
        else:
            image = os.path.join(self.folder, "image")
            run("truncate", "-s", str(self.SIZE), image)
            run("mkfs.ext4", "-q", "-F", image)
            run("mount", "-o", "loop", image, self.root)

    def torture(self):
        time.sleep(0.1 + self.generator.random() * 0.5)
        self.fill()
        self.book.count("fillings")
        self.wait_for_refusals()
        if self.generator.random() < 0.4:
            self.start_again_while_full()
        self.book.place = "after the filling"
        os.remove(self.filler)
        if self.daemon.process.poll() is not None:
            self.book.count("daemons ended on a full disk")
            self.start()

    def fill(self):
        self.book.place = "while it is full"
        with open(self.filler, "wb", buffering=0) as filler:
            try:
                while self.brim or self.free() > self.reserve:
                    filler.write(bytes(4096 if self.free() < 1 << 20 else 65_536))
            except OSError:
                self.book.count("filled to the last byte")

    def free(self):
        space = os.statvfs(self.root)
        return space.f_bavail * space.f_frsize

    def wait_for_refusals(self):
        end = time.monotonic() + 10
        while self.book.counts["answers 507"] < 10 and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(self.generator.random() * 3)
        if not self.book.counts["answers 507"]:
            self.book.count("fillings that nobody noticed")

    def start_again_while_full(self):
        self.daemon.stop(signal.SIGKILL)
        try:
            self.start()
            self.book.count("starts on a full disk")
        except Unusable as error:
            self.book.count("starts on a full disk refused")
            print(f"{self.findings.name}: {error}", flush=True)

    def let_finish(self):
        self.book.place = "the end"
        for thread in self.threads:
            thread.join(2 * PATIENCE)
        super().let_finish()


PARTS = {"kills": Kills, "joins": Joins, "line": Line, "races": Races, "full": Full}


def torture(kind, arguments):
    folder = tempfile.mkdtemp(prefix="keepsake-uploads-")
    try:
        return kind(arguments, folder).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fills(arguments):
    def seeded(number):
        return argparse.Namespace(**{**vars(arguments), "seed": f"{arguments.seed}.{number}"})

    return all([torture(Full, seeded(number)) for number in range(arguments.fills)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["all", *PARTS], default="all")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--joins", type=int, default=5, help="kills while large files are put together")
    parser.add_argument("--faults", type=int, default=300)
    parser.add_argument("--races", type=int, default=200)
    parser.add_argument("--fills", type=int, default=10)
    parser.add_argument("--tls", action="store_true", help="by HTTPS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--sabotage", action="store_true", help="loses on purpose, between kills: this must find it")
    arguments = parser.parse_args()
    # Told to stop, it still takes its daemons, mounts and folders along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parts = list(PARTS) if arguments.part == "all" else [arguments.part]
    sys.exit(0 if all([
        fills(arguments) if part == "full" else torture(PARTS[part], arguments) for part in parts]) else 1)


if __name__ == "__main__":
    main()
