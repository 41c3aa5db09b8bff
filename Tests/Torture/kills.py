#!/usr/bin/env python3
"""Kills keepsake's commands at random instants, and looks for what was acknowledged.

    make torture                                            # everything
    python3 kills.py --command all --kills 200 --seed 1     # no root needed
    python3 kills.py --command rotate --kills 20 --sabotage # must find what it loses on purpose

Each command has a store of its own with 60 files and more, some of some megabytes, some sent in pieces. One that has
grown to 300 gives way to a new one: what a kill does depends on where it hits, not on how much is there. How long the
command takes is measured on that store at first, after every twentieth kill and where some came too late, and each
SIGKILL comes at a random instant of that time; half of them at one after the first sign of its work. Only kills of a
command that was still running count; `in its work` counts those of them that left a change behind. The same seed takes
the same choices; the moments are the machine's. After each kill, a daemon is started, or runs already, and

  - each acknowledged file is on the timeline exactly once, and nothing is that no client sent; 12 files and 4 uploads,
    the newest and random ones, have the bytes that were sent. After every 20th kill and at the end, all have, and
    keepsake verify --again finds nothing damaged;
  - rotate: the kept old root key is the old one. Rotating again beside the daemon and retiring works; then there is one
    root key, a file that is added is sealed with the newest store key, and all of the above opens with it;
  - gc: no file that is referred to is gone, nor one that a received upload is about to link, which a new daemon does,
    once. After a second run no garbage is left, in the folder or in the index. Garbage within its grace stays;
  - backup: the first one, or one of what is new. A first one that was killed is not restored, unless it is whole, and
    no daemon starts on it; from one of what was new, the last whole one or the new one is restored. Running it again
    completes it, also where a daemon was tried on it, and restored into an empty folder, every stored file is there
    byte for byte, and a daemon on it has all of the above;
  - restore: no daemon starts on half a restore. Running it again completes it, with all of the above;
  - export: a bag under the final name is whole, by its manifests, and has every acknowledged file. Running it again
    makes one;
  - serve: killed while clients send, or while it starts. The newest 60 files and the newest 10 uploads have their
    bytes, too; uploads stand at the last acknowledged byte or further, and can be finished.

Not looked for: captions and other words; records beside the blobs; what the journal says of the commands; kills of
commands on full or failing disks; power cuts, which are in powercuts.py.
"""
import argparse
import collections
import filecmp
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from clients import Clients
from witness import (
    KEEPSAKE, LOOKERS, Daemon, Findings, Ledger, Unusable, add_child, begin, blob_path, digest_of, keepsake, look, post,
    text, verify)

FILES, SAMPLE, SAMPLED_UPLOADS, EVERY = 60, 12, 4, 20
# A store that has grown beyond so many files gives way to a new one, once all of it was looked at.
LARGEST = 300


class Store:
    """A store, its daemon, and what was acknowledged by it."""

    def __init__(self, path, generator):
        self.path, self.generator, self.ledger = path, generator, Ledger()
        self.token, self.daemon = None, None

    def start(self):
        self.daemon = Daemon(self.path, self.token)
        self.token = self.daemon.token

    def stop(self, how=signal.SIGTERM):
        if self.daemon:
            self.daemon.stop(how)
            self.daemon = None

    def fill(self):
        self.start()
        self.ledger.child = add_child(self.daemon)
        self.add(FILES)
        clients = Clients(self.daemon, self.ledger, self.generator.randrange(10**6))
        time.sleep(1)
        clients.stop()

    def add(self, count):
        """Adds files; answers the digest of the last."""
        sizes = [
            self.generator.choice([self.generator.randint(100, 60_000)] * 19 + [3_000_000]) for _ in range(count)]
        return self.send([text(self.generator, size) for size in sizes])

    def send(self, bodies):
        """Sends files, some at once; answers the digest of the last."""
        with ThreadPoolExecutor(LOOKERS) as pool:
            answers = [*pool.map(lambda body: post(self.daemon, self.ledger, body), bodies)]
        if set(answers) != {201}:
            raise Unusable(f"{self.path}: a file is not taken")
        return digest_of(bodies[-1])

    def sample(self):
        uploads = [*self.ledger.finished, *self.ledger.uploads]
        return (self.some(self.ledger.artefacts, SAMPLE), self.some(uploads, SAMPLED_UPLOADS))

    def some(self, names, count):
        """The newest, and as many random ones."""
        names = list(names)
        newest, older = names[-(count // 2):], names[:-(count // 2)]
        return newest + self.generator.sample(older, min(count - len(newest), len(older)))

    def look(self):
        return look(self.daemon, self.ledger, *self.sample())

    def look_at_all(self):
        uploads = [*self.ledger.finished, *self.ledger.uploads]
        return look(self.daemon, self.ledger, list(self.ledger.artefacts), uploads) + verify(self.path)

    def file(self, name):
        with open(os.path.join(self.path, name)) as file:
            return file.read()


# Seconds of a whole run, and from the first sign of its work on.
Durations = collections.namedtuple("Durations", ["run", "work"])


class Command:
    """A command that is killed, and what is looked for afterwards."""

    variants = ["always"]

    def __init__(self, folder, generator):
        self.folder, self.generator = folder, generator
        self.store = Store(self.path("store"), generator)
        self.variant = None
        # Where sabotage takes place.
        self.place = self.store.path

    def path(self, name):
        return os.path.join(self.folder, name)

    def set_up(self):
        self.store.fill()

    def prepare(self):
        """Before each run."""

    def arguments(self):
        raise NotImplementedError

    def was_at_work(self):
        """Whether something that it changes is changed."""
        raise NotImplementedError

    def judge(self):
        """What is wrong after a kill."""
        raise NotImplementedError

    def whole(self, line):
        """Runs the command line to its end; what is wrong with that."""
        done = keepsake(*line)
        if done.returncode == 0:
            return []
        damaged = [f"DAMAGED {one}" for one in done.stdout.splitlines() if one.startswith("damaged")]
        return damaged or [f"FAILED keepsake {line[0]}: {done.stderr.strip()[-300:]}"]

    def strike(self, moment, durations):
        """Kills the command at that part of its run, or of its work; whether it was still running."""
        process = self.spawn()
        if self.generator.random() < 0.5:
            time.sleep(moment * durations.run)
        else:
            self.await_work(process)
            time.sleep(moment * durations.work)
        process.kill()
        return process.wait() == -signal.SIGKILL

    def measure(self):
        """How long it takes when it is not killed, and what is wrong with that."""
        began = time.monotonic()
        process = self.spawn()
        self.await_work(process)
        work = time.monotonic()
        status, end = process.wait(), time.monotonic()
        return Durations(end - began, end - work), [f"FAILED with status {status}"] if status else []

    def spawn(self):
        return subprocess.Popen(
            [KEEPSAKE, *self.arguments()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def await_work(self, process):
        while process.poll() is None and not self.was_at_work():
            time.sleep(0.0002)


class Rotate(Command):
    """Beside a running daemon."""

    def prepare(self):
        self.kept = self.path(f"old-{self.generator.randrange(10**12)}.key")
        self.root, self.keyring = self.store.file("keys/root.key"), self.store.file("keys/keyring.json")

    def arguments(self):
        return ["keys", "rotate", "--keep-old", self.kept, "--storage", self.store.path]

    def was_at_work(self):
        return self.keyring != self.store.file("keys/keyring.json")

    def judge(self):
        wrong = self.look_at_kept_key()
        self.store.add(1)
        self.store.stop()
        self.store.start()
        wrong += self.store.look()
        wrong += self.whole(["keys", "rotate", "--storage", self.store.path])
        self.store.stop()
        wrong += self.whole(["keys", "retire", "--storage", self.store.path])
        self.store.start()
        return wrong + self.look_at_keyring(self.store.add(1)) + self.store.look()

    def look_at_kept_key(self):
        if not os.path.exists(self.kept):
            return []
        with open(self.kept) as file:
            kept = file.read()
        os.remove(self.kept)
        return [] if kept == self.root else ["KEY the old root key was not kept as it was"]

    def look_at_keyring(self, newest):
        keyring = json.loads(self.store.file("keys/keyring.json"))
        root = hashlib.sha256(bytes.fromhex(self.store.file("keys/root.key"))).hexdigest()[:32]
        wrong = []
        if {wrapped["root"] for key in keyring["keys"] for wrapped in key["wrapped"]} != {root}:
            wrong.append("KEY another root key than the present one opens the store")
        with open(blob_path(self.store.path, newest), "rb") as blob:
            if blob.read(32)[16:].hex() != keyring["current"]:
                wrong.append("KEY a new file is not sealed with the newest store key")
        return wrong


class Collect(Command):
    """gc, while no daemon runs."""

    GARBAGE, WAITING = 40, 250

    def set_up(self):
        super().set_up()
        self.store.stop()
        self.garbage = self.make_garbage()
        self.waiting = [self.garbage.popitem() for _ in range(self.WAITING)]
        self.put_garbage()
        self.first = self.whole(["gc", "--storage", self.store.path])
        if len(self.left()) < len(self.garbage):
            self.first.append("LOST garbage within its grace")

    def make_garbage(self):
        """Blobs with this store's keys that it does not know of: by their digests, the files and plain sizes."""
        donor = Store(self.path("donor"), self.generator)
        shutil.copytree(self.store.path, donor.path)
        donor.token, donor.ledger.child = self.store.token, self.store.ledger.child
        donor.start()
        bodies = [
            text(self.generator, self.generator.randint(100, 60_000)) for _ in range(self.GARBAGE + self.WAITING)]
        donor.send(bodies)
        donor.stop()
        return {digest_of(body): (blob_path(donor.path, digest_of(body)), len(body)) for body in bodies}

    def put(self, digest, path):
        blob = blob_path(self.store.path, digest)
        os.makedirs(os.path.dirname(blob), exist_ok=True)
        if not os.path.exists(blob):
            shutil.copy(path, blob)

    def put_garbage(self):
        for digest, (path, _) in self.garbage.items():
            self.put(digest, path)
        with sqlite3.connect(os.path.join(self.store.path, "index.sqlite"), timeout=10) as index:
            index.executemany(
                "INSERT OR IGNORE INTO blobs (digest, size, storedAt) VALUES (?, ?, 0)",
                [(digest, size) for digest, (_, size) in list(self.garbage.items())[::2]])
        index.close()

    def put_waiting(self):
        """An upload as a kill between storing and linking leaves it."""
        digest, (path, size) = self.waiting.pop()
        ledger = self.store.ledger
        self.store.start()
        upload = begin(self.store.daemon, ledger, bytes(size))
        self.store.stop()
        log = os.path.join(self.store.path, upload[1:])
        with open(log + ".upload", "a") as file:
            file.write(json.dumps({"received": {"digest": digest, "size": size}}) + "\n")
        os.remove(log + ".spool")
        self.put(digest, path)
        del ledger.uploads[upload]
        ledger.finished[upload] = digest
        ledger.sent.add(digest)

    def prepare(self):
        self.store.stop()
        if self.waiting:
            self.put_waiting()
        self.put_garbage()

    def arguments(self):
        return ["gc", "--grace-hours", "0", "--storage", self.store.path]

    def left(self):
        return [digest for digest in self.garbage if os.path.exists(blob_path(self.store.path, digest))]

    def was_at_work(self):
        return len(self.left()) < len(self.garbage)

    def judge(self):
        wrong, self.first = self.first, []
        wrong += self.whole(self.arguments())
        wrong += [f"GARBAGE {digest} is left" for digest in self.left() + self.left_rows()]
        wrong += [
            f"LOST {digest}: removed" for digest in self.store.ledger.digests()
            if not os.path.exists(blob_path(self.store.path, digest))]
        self.store.start()
        return wrong + self.store.look()

    def left_rows(self):
        with sqlite3.connect(os.path.join(self.store.path, "index.sqlite"), timeout=10) as index:
            known = {digest for digest, in index.execute("SELECT digest FROM blobs")}
        index.close()
        return [digest for digest in self.garbage if digest in known]


class Backup(Command):
    """Beside a running daemon."""

    variants = ["first", "first", "new"]

    def set_up(self):
        super().set_up()
        self.backup, self.restored = self.path("backup"), self.path("restored")
        self.last = None

    def prepare(self):
        if self.variant == "first":
            shutil.rmtree(self.backup, ignore_errors=True)
            self.last = None
        elif self.last is None:
            self.run_again()
        self.store.add(8 if self.variant == "new" else 1)

    def arguments(self):
        return ["backup", self.backup, "--storage", self.store.path]

    def run_again(self):
        wrong = self.whole(self.arguments())
        self.last = self.store.ledger.snapshot()
        return wrong

    def was_at_work(self):
        names = ["unfinished", "index.sqlite.new"]
        return any(os.path.exists(os.path.join(self.backup, name)) for name in names)

    def judge(self):
        wrong = self.look_at_killed() + self.run_again() + self.restore()
        if os.path.exists(os.path.join(self.backup, "unfinished")):
            wrong.append("FAILED the backup calls itself unfinished")
        if not has_failed(wrong):
            wrong += self.look_at_restored(self.last)
        return wrong + self.store.look()

    def look_at_killed(self):
        half = start_half(self.store, self.backup) if self.last is None else []
        return half + self.look_at_restorable()

    def look_at_restorable(self):
        wrong = self.restore()
        if not wrong:
            return self.look_at_restored(self.last or self.store.ledger.snapshot())
        if self.last is None and any("There is no whole backup" in line for line in wrong):
            return []
        return wrong

    def restore(self):
        shutil.rmtree(self.restored, ignore_errors=True)
        return self.whole([
            "restore", self.backup, "--root-key", os.path.join(self.store.path, "keys/root.key"),
            "--storage", self.restored])

    def look_at_restored(self, ledger):
        wrong = different_blobs(self.store.path, self.restored, ledger)
        return wrong + look_at_copy(self.store, self.restored, ledger)


class Restore(Command):
    """Of a backup that is whole."""

    def set_up(self):
        super().set_up()
        self.backup, self.restored = self.path("backup"), self.path("restored")
        self.look_at_all_uploads()
        self.first = self.whole(["backup", self.backup, "--storage", self.store.path])
        self.place = self.backup

    def look_at_all_uploads(self):
        """Finishes them: they are not in a backup."""
        look(self.store.daemon, self.store.ledger, [], list(self.store.ledger.uploads))

    def prepare(self):
        shutil.rmtree(self.restored, ignore_errors=True)

    def arguments(self):
        return [
            "restore", self.backup, "--root-key", os.path.join(self.store.path, "keys/root.key"),
            "--storage", self.restored]

    def was_at_work(self):
        return os.path.exists(os.path.join(self.restored, "unfinished"))

    def judge(self):
        wrong, self.first = self.first, []
        wrong += start_half(self.store, self.restored) + self.run_again()
        return wrong if has_failed(wrong) else wrong + self.look_at_restored()

    def look_at_restored(self):
        wrong = different_blobs(self.store.path, self.restored, self.store.ledger)
        return wrong + look_at_copy(self.store, self.restored, self.store.ledger)

    def run_again(self):
        wrong = self.whole(self.arguments())
        if any("is not empty" in line for line in wrong) and not self.was_at_work():
            return []
        return wrong


class Export(Command):
    """Beside a running daemon."""

    def prepare(self):
        self.bag = self.path("bag")
        for left in glob.glob(self.bag + "*"):
            shutil.rmtree(left)

    def arguments(self):
        return ["export", self.store.ledger.child, "--output", self.bag, "--storage", self.store.path]

    def was_at_work(self):
        return bool(glob.glob(self.bag + ".partial-*"))

    def judge(self):
        wrong = []
        if os.path.exists(self.bag):
            wrong += self.look_at_bag()
            shutil.rmtree(self.bag)
        wrong += self.whole(self.arguments())
        return wrong + self.look_at_bag() + self.store.look()

    def look_at_bag(self):
        tags, payload = self.manifest("tagmanifest-sha256.txt"), self.manifest("manifest-sha256.txt")
        present = [
            os.path.relpath(path, self.bag) for path in glob.glob(self.bag + "/data/**", recursive=True)
            if os.path.isfile(path)]
        wrong = [f"BAG {name} is in no manifest" for name in present if name not in payload]
        wrong += [f"BAG {name} is not in the tag manifest" for name in ("bagit.txt", "manifest-sha256.txt")
                  if name not in tags]
        wrong += [f"BAG {name} is not what the manifest says" for name, digest in {**tags, **payload}.items()
                  if self.digest(name) != digest]
        listed = collections.Counter(payload.values())
        return wrong + [
            f"LOST {digest}: {listed[digest.split(':')[1]]} times in the bag" for digest in self.store.ledger.digests()
            if listed[digest.split(":")[1]] != 1]

    def manifest(self, name):
        try:
            with open(os.path.join(self.bag, name)) as file:
                return {path: digest for digest, path in (line.rstrip("\n").split(None, 1) for line in file)}
        except FileNotFoundError:
            return {}

    def digest(self, name):
        try:
            with open(os.path.join(self.bag, name), "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except FileNotFoundError:
            return None


class Serve(Command):
    variants = ["sending", "sending", "sending", "starting"]

    LONGEST = 1.5

    def prepare(self):
        if self.variant == "starting":
            self.store.stop(signal.SIGKILL)
        elif not self.store.daemon:
            self.store.start()

    def measure(self):
        if self.variant == "sending":
            return Durations(self.LONGEST, None), []
        began = time.monotonic()
        self.store.start()
        return Durations(time.monotonic() - began, None), []

    def strike(self, moment, durations):
        self.clients_wrong = []
        if self.variant == "starting":
            process = Daemon.spawn(self.store.path)
            time.sleep(moment * durations.run)
            process.kill()
            process.stdout.close()
            return process.wait() == -signal.SIGKILL
        clients = Clients(self.store.daemon, self.store.ledger, self.generator.randrange(10**6))
        time.sleep(moment * durations.run)
        self.store.stop(signal.SIGKILL)
        clients.stop()
        self.clients_wrong = clients.wrong
        return True

    def was_at_work(self):
        return bool(os.listdir(os.path.join(self.store.path, "uploads")))

    def judge(self):
        self.store.start()
        ledger = self.store.ledger
        files, uploads = self.store.sample()
        files = {*list(ledger.artefacts)[-60:], *files}
        uploads = {*list(ledger.finished)[-10:], *list(ledger.uploads)[-10:], *uploads}
        return self.clients_wrong + look(self.store.daemon, ledger, sorted(files), sorted(uploads))


def has_failed(wrong):
    return any(line.startswith("FAILED") for line in wrong)


def start_half(store, path):
    """No daemon may start on half a copy. Where nothing was copied yet, one may."""
    unfinished = os.path.join(path, "unfinished")
    if not os.path.exists(unfinished):
        return []
    try:
        daemon = Daemon(path, store.token)
    except Unusable:
        return []
    status = daemon.ask("GET", f"/v1/children/{store.ledger.child}/timeline")[0]
    daemon.stop()
    return [f"HALF a daemon starts on an unfinished copy; the child's timeline there: status {status}"]


def different_blobs(one, other, ledger):
    """Acknowledged files that are not the same bytes in two stores."""
    return [
        f"LOST {digest}: not there byte for byte" for digest in ledger.digests()
        if not same(blob_path(one, digest), blob_path(other, digest))]


def same(one, other):
    try:
        return filecmp.cmp(one, other, shallow=False)
    except FileNotFoundError:
        return False


def look_at_copy(store, path, ledger):
    """Uploads that are not finished are in no backup."""
    ledger = ledger.snapshot()
    ledger.uploads = {}
    try:
        daemon = Daemon(path, store.token)
    except Unusable as error:
        return [f"UNUSABLE {error}"]
    try:
        return look(
            daemon, ledger, store.some(ledger.artefacts, SAMPLE), store.some(ledger.finished, SAMPLED_UPLOADS))
    finally:
        daemon.stop()


COMMANDS = {
    "rotate": Rotate, "gc": Collect, "backup": Backup, "restore": Restore, "export": Export, "serve": Serve}


class Torture:
    MISSES = 20
    # After so many kills in a row that came too late, the machine is another than it was.
    LATE = 4

    def __init__(self, name, arguments, folder):
        self.arguments, self.name, self.folder = arguments, name, folder
        self.generator = random.Random(f"{name} {arguments.seed}")
        self.findings = Findings(f"{name} seed {arguments.seed}")
        self.command, self.durations, self.hits, self.at_work, self.stores = None, {}, 0, 0, 0

    def run(self):
        try:
            self.begin()
            while self.hits < self.arguments.kills:
                self.hit()
                self.findings.add(f"kill {self.hits}", self.command.judge())
                if self.hits % EVERY == 0 or self.hits == self.arguments.kills:
                    self.look_at_all()
                    self.go_on()
        except Unusable as error:
            self.findings.add(f"kill {self.hits}", [f"UNUSABLE {error}"])
        finally:
            self.end()
        print(f"{self.findings.name}: {self.hits} kills hit, {self.at_work} of them in its work, "
              f"{self.findings.summary()}", flush=True)
        self.findings.report(self.hits)
        if self.arguments.sabotage:
            self.findings.say_sabotaged()
        return not self.findings.lines

    def begin(self):
        self.stores += 1
        self.command = COMMANDS[self.name](os.path.join(self.folder, str(self.stores)), self.generator)
        os.makedirs(self.command.folder)
        self.command.set_up()
        self.learn()

    def end(self):
        self.command.store.stop(signal.SIGKILL)
        shutil.rmtree(self.command.folder, ignore_errors=True)

    def go_on(self):
        if self.hits == self.arguments.kills:
            return
        if len(self.command.store.ledger.digests()) > LARGEST:
            self.end()
            self.begin()
        else:
            self.learn()

    def learn(self):
        for self.command.variant in dict.fromkeys(self.command.variants):
            measured = []
            for _ in range(3):
                self.command.prepare()
                durations, wrong = self.command.measure()
                measured.append(durations)
                self.findings.add("a run that was not killed", wrong)
            self.durations[self.command.variant] = sorted(measured)[1]

    def hit(self):
        for missed in range(self.MISSES):
            if missed and missed % self.LATE == 0:
                self.learn()
            self.command.variant = self.generator.choice(self.command.variants)
            self.command.prepare()
            if self.command.strike(self.generator.random(), self.durations[self.command.variant]):
                break
        else:
            raise Unusable(f"{self.MISSES} kills in a row came too late")
        self.hits += 1
        self.at_work += self.command.was_at_work()
        if self.arguments.sabotage and self.generator.random() < 0.3:
            self.findings.sabotage(
                f"kill {self.hits}", self.command.place, self.generator, self.command.store.ledger)

    def look_at_all(self):
        if not self.command.store.daemon:
            self.command.store.start()
        self.findings.add(f"after kill {self.hits}", self.command.store.look_at_all())
        print(f"{self.findings.name}: {self.hits} kills, {self.at_work} in its work, {self.findings.summary()}",
              flush=True)


def torture(name, arguments):
    folder = tempfile.mkdtemp(prefix=f"keepsake-kills-{name}-")
    try:
        return Torture(name, arguments, folder).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", choices=["all", *COMMANDS], default="all")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--sabotage", action="store_true", help="loses files on purpose after some kills: this must find them")
    arguments = parser.parse_args()
    # Told to stop, it still takes its daemons and folders along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = list(COMMANDS) if arguments.command == "all" else [arguments.command]
    sys.exit(0 if all([torture(name, arguments) for name in names]) else 1)


if __name__ == "__main__":
    main()
