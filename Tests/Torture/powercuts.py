#!/usr/bin/env python3
"""Cuts the power of a disk that a daemon is writing to, again and again, and looks for what was acknowledged.

    make torture                       # as root; both file systems, 100 cuts each
    python3 powercuts.py --filesystem ext4 --cuts 100 --seed 1

The store lies on a file system on a loop device on a file of powerfs, a disk with a volatile write cache. While
clients add files, whole and in pieces, the disk's image is taken as a power cut would leave it at that moment: what
was flushed, and none, all, or a random part of what was not, in sectors. On each image a daemon is started, and

  - of the files that were acknowledged before the cut, the newest 150 are there, whole (not: that each is linked once);
  - the newest 10 uploads stand at the last acknowledged byte or further, and can be finished;
  - keepsake verify finds nothing damaged, in the files and in the journal.
"""
import argparse
import base64
import hashlib
import http.client
import os
import random
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
KEEPSAKE = os.environ.get("KEEPSAKE") or os.path.join(ROOT, ".build/release/keepsake")
TUS = {"Tus-Resumable": "1.0.0"}


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout.strip()


def text(generator, size):
    """What the inspector knows for text: letters by chance alone can begin like some other kind of file."""
    return ("Today we went to the park. " + "".join(generator.choices(string.ascii_letters + " \n", k=size))).encode()


class Daemon:
    def __init__(self, storage, token=None):
        self.storage = storage
        self.process = subprocess.Popen(
            [KEEPSAKE, "serve", "--storage", storage, "--port", "0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env={**os.environ, "KEEPSAKE_UPLOADS_RESERVE_BYTES": "1000000"})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the daemon does not start on {storage}")
        self.port = int(line.rsplit(":", 1)[1])
        self.token = token or run(KEEPSAKE, "token", "create", "--role", "worker", "--storage", storage)

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(
                method, path, body=body, headers={"Authorization": f"Bearer {self.token}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
        finally:
            connection.close()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


class Disk:
    """A file system on a disk whose power can be cut."""

    def __init__(self, folder, filesystem):
        self.folder, self.filesystem = folder, filesystem
        image, self.powerfs = os.path.join(folder, "image"), os.path.join(folder, "powerfs")
        self.root = os.path.join(folder, "mount")
        os.makedirs(self.powerfs)
        os.makedirs(self.root)
        run("truncate", "-s", "4G", image)
        run("mkfs." + filesystem, "-q", *(["-F"] if filesystem == "ext4" else ["-f"]), image)
        self.process = subprocess.Popen(
            [os.path.join(folder, "powerfs-program"), image, self.powerfs], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        for _ in range(100):
            if os.path.exists(os.path.join(self.powerfs, "disk")):
                break
            time.sleep(0.05)
        self.device = run("losetup", "-f", "--show", os.path.join(self.powerfs, "disk"))
        run("mount", self.device, self.root)

    def tell(self, command):
        with open(os.path.join(self.powerfs, "ctl"), "w") as control:
            control.write(command)

    def cut(self, image, mode):
        """Writes the disk as it would be found after a power cut now."""
        self.tell(f"crash {image} {mode}")

    def close(self):
        subprocess.run(["umount", "-l", self.root])
        subprocess.run(["losetup", "-d", self.device])
        subprocess.run(["umount", "-l", self.powerfs])
        self.process.terminate()
        self.process.wait()


class Clients:
    """Adds files, and remembers what was acknowledged."""

    def __init__(self, daemon, seed):
        self.daemon, self.lock, self.stopped = daemon, threading.Lock(), False
        self.artefacts = {}
        self.uploads = {}
        _, _, body = daemon.request(
            "POST", "/v1/children", b'{"preferredName": "Amira"}', {"Content-Type": "application/json"})
        self.child = body.decode().split('"id":"')[1].split('"')[0]
        self.threads = [threading.Thread(target=self.add, args=(random.Random(seed + n),)) for n in range(3)]
        self.threads += [threading.Thread(target=self.resume, args=(random.Random(seed + 10 + n),)) for n in range(2)]
        for thread in self.threads:
            thread.start()

    def add(self, generator):
        while not self.stopped:
            body = text(generator, generator.randint(100, 100_000))
            status, _, answer = self.daemon.request("POST", f"/v1/children/{self.child}/artefacts", body)
            if status == 201:
                name = answer.decode().split('"href":"')[1].split('"')[0]
                with self.lock:
                    self.artefacts[name] = hashlib.sha256(body).hexdigest()
            time.sleep(generator.random() * 0.1)

    def resume(self, generator):
        while not self.stopped:
            body = text(generator, generator.randint(100_000, 400_000))
            metadata = "child " + base64.b64encode(self.child.encode()).decode()
            status, headers, _ = self.daemon.request(
                "POST", "/uploads", b"", {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": metadata})
            if status != 201:
                raise RuntimeError(f"an upload cannot begin: {status}")
            path = "/uploads/" + headers["location"].rsplit("/", 1)[1]
            offset = 0
            while offset < len(body) and not self.stopped:
                with self.lock:
                    self.uploads[path] = (body, offset)
                piece = body[offset:offset + generator.choice([1, 999, 65_536, 70_001, 131_072])]
                status, headers, _ = self.daemon.request("PATCH", path, piece, {
                    **TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})
                if status != 204:
                    break
                offset += len(piece)
            if offset == len(body):
                with self.lock:
                    self.uploads[path] = (body, offset)
            time.sleep(generator.random() * 0.05)

    def acknowledged(self):
        with self.lock:
            return dict(self.artefacts), dict(self.uploads)

    def stop(self):
        self.stopped = True
        for thread in self.threads:
            thread.join()


def check(storage, token, artefacts, uploads):
    """What is wrong with a store after a cut, in words."""
    wrong = []
    daemon = Daemon(storage, token)
    try:
        for path, (body, offset) in uploads.items():
            wrong += check_upload(daemon, path, body, offset)
        for href, digest in artefacts.items():
            status, body = content(daemon, href)
            if status != 200 or hashlib.sha256(body).hexdigest() != digest:
                wrong.append(f"LOST {href}: status {status}, {body[:200]}")
    finally:
        daemon.stop()
    verified = subprocess.run([KEEPSAKE, "verify", "--storage", storage], capture_output=True, text=True)
    if verified.returncode != 0:
        wrong.append(f"DAMAGED {verified.stdout} {verified.stderr}")
    return wrong


def check_upload(daemon, path, body, offset):
    status, headers, _ = daemon.request("HEAD", path, headers=TUS)
    known = int(headers.get("upload-offset", -1))
    if status not in (200, 204) or known < offset:
        return [f"OFFSET of {path} was {offset}, is {known} (status {status})"]
    if known < len(body):
        status, _, _ = daemon.request("PATCH", path, body[known:], {
            **TUS, "Upload-Offset": str(known), "Content-Type": "application/offset+octet-stream"})
        if status != 204:
            return [f"OFFSET {path} cannot be finished: status {status}"]
    _, _, answer = daemon.request("GET", "/v1" + path)
    artefact = answer.decode().split('"artefact":"')
    if len(artefact) < 2:
        return [f"LOST {path} is finished, and no artefact: {answer.decode()}"]
    status, found = content(daemon, f"/v1/artefacts/{artefact[1].split(chr(34))[0]}")
    return [] if found == body else [f"LOST {path}: status {status}, {found[:200]}"]


def content(daemon, href):
    """The bytes of an artefact; one that the inspector had no time for yet is waited for."""
    for _ in range(100):
        status, _, body = daemon.request("GET", href + "/content")
        if status != 409 or b"still-inspecting" not in body:
            break
        time.sleep(0.3)
    return status, body


def torture(filesystem, cuts, seed, folder, lie):
    generator = random.Random(seed)
    disk = Disk(folder, filesystem)
    found, checked = [], 0
    daemon = clients = None
    try:
        daemon = Daemon(os.path.join(disk.root, "store"))
        clients = Clients(daemon, seed)
        disk.tell(f"lie_fsync {int(lie)}")
        for number in range(cuts):
            time.sleep(generator.random() * 0.4)
            mode = generator.choice(["none", "all"] + [f"rand:{generator.randint(1, 10**6)}"] * 4)
            image = os.path.join(folder, "cut")
            artefacts, uploads = clients.acknowledged()
            disk.cut(image, mode)
            # Later ones rest on the same bytes: the newest are those that a cut can hurt.
            artefacts = dict(list(artefacts.items())[-150:])
            uploads = dict(list(uploads.items())[-10:])
            wrong = on_image(image, folder, filesystem, lambda storage: check(storage, daemon.token, artefacts, uploads))
            checked += len(artefacts) + len(uploads)
            for line in wrong:
                print(f"cut {number} {mode}: {line}", flush=True)
            found += wrong
            if number % 10 == 9:
                print(f"{filesystem} seed {seed}: {number + 1} cuts, {checked} looked for, {len(found)} wrong", flush=True)
    finally:
        if clients:
            clients.stop()
        if daemon:
            daemon.stop()
        disk.close()
    kinds = {kind: sum(line.startswith(kind) for line in found) for kind in ("LOST", "OFFSET", "DAMAGED", "UNUSABLE")}
    print(f"{filesystem} seed {seed}: {cuts} cuts, {checked} acknowledged looked for, "
          f"lost {kinds['LOST']}, offsets decreased {kinds['OFFSET']}, damaged {kinds['DAMAGED']}, "
          f"unusable {kinds['UNUSABLE']}")
    return not found


def on_image(image, folder, filesystem, work):
    root = os.path.join(folder, "after")
    os.makedirs(root, exist_ok=True)
    device = run("losetup", "-f", "--show", image)
    try:
        run("mount", *(["-o", "nouuid"] if filesystem == "xfs" else []), device, root)
        try:
            return work(os.path.join(root, "store"))
        except (OSError, RuntimeError) as error:
            return [f"UNUSABLE {error}"]
        finally:
            run("umount", root)
    finally:
        run("losetup", "-d", device)
        os.remove(image)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filesystem", choices=["ext4", "xfs"], default="ext4")
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--lie", action="store_true", help="a disk that says it has flushed and has not: this must find losses")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("Only root can mount: sudo make torture")
    # Told to stop, it still takes its mounts and processes along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="keepsake-torture-")
    flags = run("pkg-config", "--cflags", "--libs", "fuse3").split()
    run("cc", "-O2", "-o", os.path.join(folder, "powerfs-program"), os.path.join(HERE, "powerfs.c"), *flags)
    try:
        sys.exit(0 if torture(arguments.filesystem, arguments.cuts, arguments.seed, folder, arguments.lie) else 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
