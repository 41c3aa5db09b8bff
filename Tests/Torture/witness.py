"""What all tortures share: a daemon, the ledger of what was acknowledged by it, and the looking for it."""
import base64
import collections
import hashlib
import http.client
import json
import os
import select
import signal
import sqlite3
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
KEEPSAKE = os.environ.get("KEEPSAKE") or os.path.join(ROOT, ".build/release/keepsake")
TUS = {"Tus-Resumable": "1.0.0"}
SETTINGS = {"KEEPSAKE_UPLOADS_RESERVE_BYTES": "1000000", "KEEPSAKE_UPLOADS_MAXIMUM_OPEN_PER_SENDER": "100000"}
START_LIMIT = 60
# How many look at once: while one waits for the journal, the next one reads.
LOOKERS = 4
# Where torture.py reads what came of a part.
RESULTS = os.environ.get("KEEPSAKE_TORTURE_RESULTS")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout.strip()


def keepsake(*arguments):
    return subprocess.run([KEEPSAKE, *arguments], capture_output=True, text=True)


def draft(version):
    """What a request by that interop version of the IETF's draft says of itself."""
    return {"Upload-Draft-Interop-Version": str(version)}


def text(generator, size):
    """What the inspector knows for text: letters by chance alone can begin like some other kind of file."""
    return b"Today we went to the park.\n" + base64.encodebytes(generator.randbytes(size * 3 // 4))


def digest_of(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def blob_path(storage, digest):
    name = digest.split(":")[1]
    gathered = os.path.join(storage, "blobs/new", name)
    return gathered if os.path.exists(gathered) else os.path.join(storage, "blobs/sha256", name[:2], name[2:4], name)


class Unusable(Exception):
    """A daemon that does not start."""


class Daemon:
    """The program, by HTTP or, with a certificate, by HTTPS."""

    def __init__(self, storage, token=None, port=0, settings=None, certificate=None):
        self.storage, self.certificate = storage, certificate
        if certificate:
            settings = {**(settings or {}), **certificate.settings()}
        self.errors = tempfile.TemporaryFile()
        self.process = self.spawn(storage, self.errors, port, settings)
        self.port = self.expected_port()
        self.token = token or run(KEEPSAKE, "token", "create", "--role", "worker", "--storage", storage)

    @staticmethod
    def spawn(storage, errors=subprocess.DEVNULL, port=0, settings=None):
        return subprocess.Popen(
            [KEEPSAKE, "serve", "--storage", storage, "--port", str(port)], stdout=subprocess.PIPE, stderr=errors,
            text=True, env={**os.environ, **SETTINGS, **(settings or {})})

    def expected_port(self):
        readable, _, _ = select.select([self.process.stdout], [], [], START_LIMIT)
        line = self.process.stdout.readline() if readable else ""
        if line:
            return int(line.rsplit(":", 1)[1])
        self.stop(signal.SIGKILL)
        raise Unusable(f"{self.storage}: {self.last_words()}")

    def last_words(self):
        """The last line of its log, without instant and request."""
        file = self.errors.fileno()
        log = os.pread(file, 1000, max(0, os.fstat(file).st_size - 1000)).decode(errors="replace").strip()
        return log.splitlines()[-1].rsplit("] ", 1)[-1] if log else "it says nothing"

    def request(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            connection.request(
                method, path, body=body, headers={"Authorization": f"Bearer {self.token}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
        finally:
            connection.close()

    def connection(self):
        if self.certificate:
            return http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=60, context=self.certificate.trust)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, headers=None):
        """A request whose connection may break: the status is then 0."""
        try:
            return self.request(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            return 0, {}, b""

    def patch(self, path, offset, piece, size=None):
        return self.ask("PATCH", path, piece, {
            **TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(piece) if size is None else size)})[0]

    def append_last(self, path, version, offset, piece):
        """The last bytes by the draft, or none of them, to be told the last answer again."""
        return self.ask("PATCH", path, piece, {
            **draft(version), "Upload-Complete": "?1", "Upload-Offset": str(offset),
            "Content-Type": "application/partial-upload", "Content-Length": str(len(piece))})

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()


class Ledger:
    """What was sent, and what of it was acknowledged, for one child."""

    def __init__(self):
        self.lock = threading.Lock()
        self.child = None
        # By the artefact's place in the API, the digest.
        self.artefacts = {}
        # By its path, the bytes of an upload that is not finished, the last acknowledged offset, and by which answer.
        self.uploads = {}
        # By its path, the digest of an upload whose end was acknowledged.
        self.finished = {}
        # By its path, the interop version of an upload by the draft.
        self.versions = {}
        # What its clients saw, how often.
        self.counts = collections.Counter()
        # Digests of everything that was sent, acknowledged or not.
        self.sent = set()

    def snapshot(self):
        copy = Ledger()
        copy.child, copy.sent, copy.versions = self.child, self.sent, self.versions
        with self.lock:
            copy.artefacts, copy.uploads = dict(self.artefacts), dict(self.uploads)
            copy.finished = dict(self.finished)
        return copy

    def kept(self, href, digest):
        with self.lock:
            self.artefacts[href] = digest

    def reached(self, path, body, offset, answer):
        with self.lock:
            self.uploads.pop(path, None)
            self.uploads[path] = (body, offset, answer)

    def ended(self, path, body):
        with self.lock:
            self.uploads.pop(path, None)
            self.finished[path] = digest_of(body)

    def digests(self):
        return [*self.artefacts.values(), *self.finished.values()]


def add_child(daemon):
    _, _, answer = daemon.request(
        "POST", "/v1/children", b'{"preferredName": "Amira"}', {"Content-Type": "application/json"})
    return json.loads(answer)["id"]


def post(daemon, ledger, body):
    digest = digest_of(body)
    ledger.sent.add(digest)
    status, _, answer = daemon.ask("POST", f"/v1/children/{ledger.child}/artefacts", body)
    if status == 201:
        ledger.kept(json.loads(answer)["artefact"]["href"], digest)
    return status


def begin(daemon, ledger, body):
    """Begins an upload; its path, if that was acknowledged."""
    ledger.sent.add(digest_of(body))
    metadata = "child " + base64.b64encode(ledger.child.encode()).decode()
    status, headers, _ = daemon.ask(
        "POST", "/uploads", b"", {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": metadata})
    if status != 201:
        return None
    path = "/uploads/" + headers["location"].rsplit("/", 1)[1]
    ledger.reached(path, body, 0, "POST")
    return path


def look(daemon, ledger, artefacts, uploads):
    """What is wrong, in words: with these by their bytes, and with all that was acknowledged by the timeline.

    Uploads that are not finished are finished, and the ledger says so.
    """
    with ThreadPoolExecutor(LOOKERS) as pool:
        wrong = [*pool.map(lambda path: look_for_upload(daemon, ledger, path), uploads)]
        wrong += pool.map(lambda href: look_for_artefact(daemon, href, ledger.artefacts[href]), artefacts)
    return [line for lines in wrong for line in lines] + look_at_timeline(daemon, ledger)


def look_for_artefact(daemon, href, digest, name=None):
    status, body = content(daemon, href)
    if status != 200:
        return [f"LOST {name or href}: status {status}, {digest}"]
    return [] if digest_of(body) == digest else [f"LOST {name or href}: other bytes, {digest}"]


def look_for_upload(daemon, ledger, path):
    version = ledger.versions.get(path)
    if path in ledger.uploads:
        wrong = finish_upload(daemon, path, version, *ledger.uploads[path])
        if wrong:
            return wrong
        ledger.ended(path, ledger.uploads[path][0])
    status, _, answer = daemon.ask("GET", path if version else "/v1" + path)
    upload = json.loads(answer) if status == 200 else {}
    artefact = upload.get("artefact")
    if artefact is None:
        return [f"LOST {path}: finished, and no artefact: status {status}, {upload.get('state')}"]
    href = f"/v1/artefacts/{artefact}"
    wrong = look_for_last_answer(daemon, path, version, href) if version else []
    return wrong + look_for_artefact(daemon, href, ledger.finished[path], path)


def look_for_last_answer(daemon, path, version, href):
    """By the draft, whoever asks for it again is told it again."""
    _, headers, _ = daemon.ask("HEAD", path, headers=draft(version))
    status, _, answer = daemon.append_last(path, version, headers.get("upload-offset", -1), b"")
    if headers.get("upload-complete") == "?1" and status == 201 and json.loads(answer)["artefact"]["href"] == href:
        return []
    return [f"REPLAY of {path}: HEAD says {headers.get('upload-complete')}, the last answer is now {status}"]


def finish_upload(daemon, path, version, body, offset, answer):
    status, headers, _ = daemon.ask("HEAD", path, headers=draft(version) if version else TUS)
    known = int(headers.get("upload-offset", -1))
    if status != (204 if version else 200) or known < offset:
        return [f"OFFSET of {path} was {offset}, said {answer}, and is {known} (status {status})"]
    left = body[known:]
    status = daemon.append_last(path, version, known, left)[0] if version else daemon.patch(path, known, left)
    if status == (201 if version else 204):
        return []
    return [f"OFFSET {path} cannot be finished from {known}: status {status}, {daemon.last_words()}"]


def look_at_timeline(daemon, ledger):
    """Whether each acknowledged file is listed exactly once, and nothing that was never sent."""
    listed = timeline(daemon, ledger.child)
    if listed is None:
        return ["UNUSABLE the timeline cannot be read"]
    places = collections.Counter(href for href, _ in listed)
    digests = collections.Counter(digest for _, digest in listed)
    wrong = [f"LOST {href}: not on the timeline" for href in ledger.artefacts if href not in places]
    wrong += [f"LOST {path}: not on the timeline" for path, one in ledger.finished.items() if one not in digests]
    wrong += [f"TWICE {digest}: {count} times on the timeline" for digest, count in digests.items() if count > 1]
    return wrong + [f"STRAY {digest} was never sent" for digest in digests if digest not in ledger.sent]


def timeline(daemon, child):
    """Place and digest of each file that is listed, page after page."""
    listed, cursor = [], ""
    while cursor is not None:
        status, _, answer = daemon.ask("GET", f"/v1/children/{child}/timeline?limit=200{cursor}")
        if status != 200:
            return None
        page = json.loads(answer)
        listed += [(item["artefact"]["href"], item["artefact"]["digest"]) for item in page["items"]]
        cursor = page["next"] and "&cursor=" + page["next"]
    return listed


def content(daemon, href):
    """The bytes of an artefact; one that the inspector had no time for yet is waited for."""
    end = time.monotonic() + 30
    while True:
        status, _, body = daemon.ask("GET", href + "/content")
        if status != 409 or b"still-inspecting" not in body or time.monotonic() > end:
            return status, body
        time.sleep(0.05)


def verify(storage):
    done = keepsake("verify", "--again", "--json", "--storage", storage)
    if done.returncode == 0:
        return []
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return [f"DAMAGED verify fails: {done.stderr.strip()}"]
    wrong = [f"DAMAGED {damaged['digest']}: {damaged['reason']}" for damaged in answer["damaged"]]
    if answer.get("brokenJournalRecord"):
        wrong.append(f"DAMAGED journal at record {answer['brokenJournalRecord']}")
    return wrong or [f"DAMAGED verify ends with {done.returncode}"]


class Findings:
    """What was found to be wrong; the same line counts once."""

    def __init__(self, name):
        self.name, self.lines, self.sabotaged = name, [], []

    def add(self, place, lines):
        for line in lines:
            if line not in self.lines:
                self.lines.append(line)
                print(f"{self.name}, {place}: {line}", flush=True)

    def summary(self):
        counts = collections.Counter(line.split()[0] for line in self.lines)
        return f"{len(self.lines)} wrong" + "".join(f", {kind} {counts[kind]}" for kind in sorted(counts))

    def report(self, done):
        """Tells torture.py, if that is who asked, how many blows there were and how much is wrong."""
        if RESULTS:
            with open(RESULTS, "a") as file:
                file.write(json.dumps({"name": self.name, "done": done, "wrong": len(self.lines)}) + "\n")

    def sabotage(self, place, storage, generator, ledger):
        """Loses one acknowledged file on purpose."""
        href, digest = generator.choice(sorted(ledger.artefacts.items()))
        blob, way = blob_path(storage, digest), generator.choice(["removed", "flipped", "unlinked"])
        if way == "unlinked" or not os.path.exists(blob):
            remove_entry(storage, href)
        elif way == "removed":
            os.remove(blob)
        else:
            flip(blob, generator)
        self.sabotaged.append((href, digest))
        print(f"{self.name}, {place}: sabotage: {way} {href} {digest}", flush=True)

    def say_sabotaged(self):
        missed = [
            href for href, digest in set(self.sabotaged)
            if not any(f"{href}:" in line or digest in line for line in self.lines)]
        print(f"{self.name}: sabotaged {len(set(self.sabotaged))}, NOT FOUND {len(missed)} {' '.join(missed)}".rstrip())


def remove_entry(storage, href):
    with sqlite3.connect(os.path.join(storage, "index.sqlite"), timeout=10) as index:
        index.execute("DELETE FROM entries WHERE artefact = ?", (href.rsplit("/", 1)[1],))
    index.close()


def flip(path, generator):
    os.chmod(path, 0o600)
    with open(path, "r+b") as file:
        place = generator.randrange(os.path.getsize(path))
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << generator.randrange(8)]))
