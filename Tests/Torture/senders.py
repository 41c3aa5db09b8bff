"""Clients of both protocols, and the book of what they sent and what was acknowledged."""
import base64
import collections
import hashlib
import json
import threading
import time
import zlib

import wire
from witness import TUS, digest_of, draft, text

CHECKSUMS = {
    "sha1": lambda data: hashlib.sha1(data).digest(), "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(), "md5": lambda data: hashlib.md5(data).digest(),
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big")}
# Seconds for which a client goes on without any answer that is one.
PATIENCE = 150


def encoded(data):
    return base64.b64encode(data).decode()


class Lost(Exception):
    """An upload that cannot be gone on with."""


class Upload:
    """One file on its way."""

    def __init__(self, name, body):
        self.name, self.body = name, body
        self.path = None
        # The last offset that was acknowledged, by which answer, and how far bytes were sent.
        self.offset, self.said, self.sent = 0, "nothing", 0
        self.protocol, self.version = "tus", None
        self.is_piece = False
        # Whether a request that its client gave up may still be under way.
        self.is_overtaken = False

    @property
    def id(self):
        return self.path.rsplit("/", 1)[1]

    def headers(self):
        return TUS if self.protocol == "tus" else draft(self.version)


class Book:
    """What was sent and acknowledged, and what is wrong with it."""

    # Whether the daemon has reason to answer that it failed.
    may_fail = False

    def __init__(self, findings):
        self.findings, self.lock = findings, threading.Lock()
        self.place, self.last_words = "the beginning", lambda: ""
        self.sent = set()
        # By digest, the artefact's place in the API.
        self.finished = {}
        # By id: those that wait for their client, and pieces that nobody removed.
        self.waiting, self.pieces = {}, {}
        # Names of files whose creation was not answered.
        self.unanswered = set()
        self.counts = collections.Counter()

    def wrong(self, line):
        with self.lock:
            self.findings.add(self.place, [line])

    def count(self, what, times=1):
        with self.lock:
            self.counts[what] += times

    def reached(self, upload, offset, answer):
        if offset < upload.offset:
            self.wrong(f"OFFSET of {upload.path} was {upload.offset}, said {upload.said}; {answer} says {offset}")
        if offset > upload.sent:
            self.wrong(f"AHEAD {upload.path}: {answer} says {offset}, and {upload.sent} bytes were sent")
        upload.offset, upload.said = offset, answer

    def begun(self, upload, path):
        with self.lock:
            upload.path = path
            self.unanswered.discard(upload.name)
            self.waiting[upload.id] = upload

    def ended(self, upload, href):
        with self.lock:
            self.finished[digest_of(upload.body)] = href
            self.waiting.pop(upload.id, None)
            self.counts["finished " + upload.protocol] += 1

    def figures(self):
        with self.lock:
            return ", ".join(f"{name} {self.counts[name]}" for name in sorted(self.counts))


class Client:
    """Sends files, one after another; what it does is chosen by its generator."""

    def __init__(self, book, address, token, child, generator, name, most=1 << 22, limit=30, files=None):
        self.book, self.address, self.token, self.child = book, address, token, child
        self.generator, self.name, self.most, self.limit = generator, name, most, limit
        self.files, self.stopped, self.number = files, False, 0
        # How many of the requests last for seconds.
        self.slow_part = 0.04
        # Whether a request of this client may still be under way when the next one comes.
        self.is_delayed = False
        self.failing_since = None

    def run(self):
        while not self.stopped and self.files != 0:
            upload = self.next_upload()
            try:
                self.deliver(upload)
            except Lost as error:
                self.book.wrong(str(error))
                self.book.waiting.pop(upload.path and upload.id, None)
            if self.files and upload.path:
                self.files -= 1

    def next_upload(self):
        self.number += 1
        upload = Upload(f"{self.name}-{self.number}.txt", text(self.generator, self.size()))
        with self.book.lock:
            self.book.sent.add(digest_of(upload.body))
            self.book.unanswered.add(upload.name)
        return upload

    def size(self):
        return int(2 ** self.generator.uniform(7, self.most.bit_length() - 1))

    def piece_size(self):
        return self.generator.choice([1, 17, 999, 65_536, 70_001, 262_144, 1 << 20, 3_000_001])

    def chance(self, part):
        return self.generator.random() < part

    def ask(self, method, path, headers, pieces=(), on_interim=None):
        answer = wire.ask(
            self.address, method, path, {"Authorization": f"Bearer {self.token}", **headers}, pieces, self.limit,
            on_interim)
        self.book.count(f"answers {answer.status}" if answer.status else "broken")
        if answer.status == 500 and not self.book.may_fail:
            self.book.wrong(f"FAILED {method} {path}: 500, {self.book.last_words()}")
        self.be_patient(answer)
        return answer

    def be_patient(self, answer):
        if 0 < answer.status < 500:
            self.failing_since = None
            return
        self.failing_since = self.failing_since or time.monotonic()
        if time.monotonic() - self.failing_since > PATIENCE:
            raise Lost(f"STUCK {self.name}: no answer but {answer.status} for {PATIENCE} s")
        time.sleep(0.02 + 0.1 * self.generator.random())

    @staticmethod
    def is_transient(answer):
        return answer.status == 0 or answer.status >= 500

    def settle(self, upload):
        """Asks where the upload stands; what is said then is the daemon's word, too."""
        answer = wire.BROKEN
        while self.is_transient(answer):
            answer = self.ask("HEAD", upload.path, upload.headers())
        if answer.status not in (200, 204):
            raise Lost(f"LOST {upload.path}: HEAD says {answer.status}, {upload.offset} was said by {upload.said}")
        if "upload-offset" in answer.headers:
            self.book.reached(upload, int(answer.headers["upload-offset"]), "HEAD")
        return answer

    def refused(self, upload, answer, doing):
        """What is to be done after an answer that was not the good one."""
        if self.may_be_late(upload, answer):
            self.book.count("late requests that took the place of newer ones")
        elif answer.status == 404 and self.confirm(upload):
            self.book.wrong(f"FORGOTTEN {upload.path} at {upload.offset}, {doing}: 404, and it is finished")
        elif not self.is_transient(answer):
            self.book.wrong(
                f"REFUSED {upload.path} at {upload.offset}, {doing}: {answer.status} {answer.body[:200]!r}, "
                f"{answer.headers.get('upload-offset')}")
            if answer.status != 409:
                raise Lost(f"LOST {upload.path}: it cannot be gone on with")
        return self.settle(upload)

    def may_be_late(self, upload, answer):
        """Whether an older request of this client can have changed what it is told."""
        is_finished = answer.status == 400 and b"Already finished" in answer.body
        return (answer.status == 409 or is_finished) and (self.is_delayed or upload.is_overtaken)

    def confirm(self, upload):
        """What became of an upload that is said to be at its end: its artefact's place."""
        answer = wire.BROKEN
        while self.is_transient(answer):
            answer = self.ask("GET", "/v1/uploads/" + upload.id, {})
        if answer.status != 200:
            raise Lost(f"LOST {upload.path}: finished, and its state is unknown: {answer.status}")
        artefact = json.loads(answer.body).get("artefact")
        return artefact and f"/v1/artefacts/{artefact}"

    def finish(self, upload, href):
        self.book.ended(upload, href)
        if self.chance(0.1):
            self.compare(upload, href)

    def compare(self, upload, href):
        answer = wire.BROKEN
        while self.is_transient(answer) or (answer.status == 409 and b"still-inspecting" in answer.body):
            answer = self.ask("GET", href + "/content", {})
            if answer.status == 409:
                time.sleep(0.3)
        if answer.status != 200 or answer.body != upload.body:
            self.book.wrong(
                f"LOST {href}: status {answer.status} or other bytes soon after its end, {digest_of(upload.body)}")

    def slowly(self, piece):
        """A request that lasts longer than the daemon waits before it commits what came."""
        step = max(1, len(piece) // 40)
        for start in range(0, len(piece), step):
            yield piece[start:start + step]
            time.sleep(0.1)

    def pieces(self, piece):
        return self.slowly(piece) if len(piece) > 1000 and self.chance(self.slow_part) else [piece]


class TusClient(Client):
    # Seconds within which a complete upload is linked, and how often a client asks for that.
    LINKED_WITHIN, QUESTIONS = 10, 3

    def deliver(self, upload):
        self.generator.choices([self.plain, self.deferred, self.with_creation, self.joined], [4, 2, 2, 2])[0](upload)

    def metadata(self, upload):
        return {"Upload-Metadata": f"filename {encoded(upload.name.encode())},child {encoded(self.child.encode())}"}

    def create(self, upload, headers, body=b""):
        """Whether its creation was answered. One that was not is not asked for again: it may have worked."""
        upload.sent = len(body)
        answer = self.ask("POST", "/uploads", {
            **TUS, **self.metadata(upload), **headers, "Content-Length": str(len(body))}, [body])
        if answer.status == 201:
            self.book.begun(upload, "/uploads/" + answer.headers["location"].rsplit("/", 1)[1])
            if body:
                self.book.reached(upload, int(answer.headers["upload-offset"]), "POST")
        elif not self.is_transient(answer):
            self.book.wrong(f"REFUSED creation of {upload.name}: {answer.status} {answer.body[:200]!r}")
        return answer.status == 201

    def plain(self, upload):
        if self.create(upload, {"Upload-Length": str(len(upload.body))}):
            self.go_on(upload)

    def deferred(self, upload):
        if self.create(upload, {"Upload-Defer-Length": "1"}):
            self.go_on(upload, is_deferred=True)

    def with_creation(self, upload):
        first = upload.body[:self.piece_size()]
        headers = {
            "Upload-Length": str(len(upload.body)), "Content-Type": "application/offset+octet-stream",
            **self.checksum(first)}
        if self.create(upload, headers, first):
            self.go_on(upload)

    def checksum(self, piece):
        if not self.chance(0.3):
            return {}
        name = self.generator.choice(sorted(CHECKSUMS))
        return {"Upload-Checksum": f"{name} {encoded(CHECKSUMS[name](piece))}"}

    def go_on(self, upload, is_deferred=False):
        """Sends to the end, and waits for what becomes of it."""
        while upload.offset < len(upload.body):
            if self.chance(0.003):
                return self.book.count("left unfinished")
            size = len(upload.body) if self.stopped else self.piece_size()
            self.patch(upload, upload.body[upload.offset:upload.offset + size], is_deferred)
            time.sleep(self.generator.random() * 0.02)
        if not upload.is_piece:
            self.see_to_the_end(upload, lambda: self.patch(upload, b"", is_deferred))

    def see_to_the_end(self, upload, ask_again):
        """A client that is told the whole length by HEAD has no reason to send more: what it sent is to be linked."""
        for _ in range(self.QUESTIONS):
            href = self.confirm_soon(upload)
            if href:
                return self.finish(upload, href)
            self.book.wrong(f"UNFINISHED {upload.path}: it is said to be complete, and is not linked by itself")
            ask_again()
        raise Lost(f"STUCK {upload.path}: it is said to be complete, and is not linked though asked for again")

    def confirm_soon(self, upload):
        end = time.monotonic() + self.LINKED_WITHIN
        href = self.confirm(upload)
        while href is None and time.monotonic() < end:
            time.sleep(0.2)
            href = self.confirm(upload)
        return href

    def patch(self, upload, piece, is_deferred=False):
        end = upload.offset + len(piece)
        headers = {
            **TUS, "Upload-Offset": str(upload.offset), "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(piece)), **self.checksum(piece)}
        if is_deferred and (end == len(upload.body) or self.chance(0.1)):
            headers["Upload-Length"] = str(len(upload.body))
        is_spoiled = bool(piece) and "Upload-Checksum" in headers and self.chance(0.1)
        sent = bytes([piece[0] ^ 1]) + piece[1:] if is_spoiled else piece
        upload.sent = max(upload.sent, end)
        before = upload.offset
        answer = self.ask("PATCH", upload.path, headers, self.pieces(sent))
        if is_spoiled:
            self.see_nothing_was_kept(upload, answer, before)
        elif answer.status == 204:
            self.book.reached(upload, int(answer.headers["upload-offset"]), "PATCH")
            if upload.offset != end:
                self.book.wrong(f"OFFSET of {upload.path} is {upload.offset} after bytes up to {end}")
        else:
            self.refused(upload, answer, f"{len(piece)} bytes")

    def see_nothing_was_kept(self, upload, answer, before):
        if not self.is_transient(answer) and answer.status not in ((460, 409) if self.is_delayed else (460,)):
            self.book.wrong(f"CHECKSUM of {upload.path} at {before}: wrong bytes are answered {answer.status}")
        self.settle(upload)
        if upload.offset != before and not self.is_delayed:
            self.book.wrong(f"CHECKSUM of {upload.path}: {upload.offset - before} wrong bytes were kept at {before}")

    def joined(self, upload):
        """By partial uploads that are put together."""
        pieces = self.cut(upload)
        is_early = self.chance(0.3)
        for number, piece in enumerate(pieces):
            if not self.begin_piece(piece):
                return
            if not (is_early and number == len(pieces) - 1):
                self.go_on(piece)
                if piece.offset < len(piece.body):
                    return
        if is_early:
            self.put_together(upload, pieces)
            self.go_on(pieces[-1])
            if pieces[-1].offset < len(pieces[-1].body):
                return self.book.count("left unfinished")
        self.put_together(upload, pieces)
        self.wait_for_final(upload)
        self.see_to_the_end(upload, lambda: self.put_together(upload, pieces))
        self.clear(pieces)

    def cut(self, upload):
        places = sorted(self.generator.sample(range(1, len(upload.body)), self.generator.randint(1, 3)))
        pieces = []
        for number, (start, end) in enumerate(zip([0, *places], [*places, len(upload.body)])):
            piece = Upload(f"{upload.name}-{number}", upload.body[start:end])
            piece.is_piece = True
            pieces.append(piece)
        return pieces

    def begin_piece(self, piece):
        with self.book.lock:
            self.book.unanswered.add(piece.name)
        if not self.create(piece, {"Upload-Concat": "partial", "Upload-Length": str(len(piece.body))}):
            return False
        with self.book.lock:
            self.book.pieces[piece.id] = self.book.waiting.pop(piece.id)
        return True

    def put_together(self, upload, pieces):
        """The same list makes the same upload, however often it is asked for."""
        headers = {
            **TUS, **self.metadata(upload), "Content-Length": "0",
            "Upload-Concat": "final;" + " ".join(piece.path for piece in pieces)}
        answer = wire.BROKEN
        while self.is_transient(answer):
            answer = self.ask("POST", "/uploads", headers)
        if answer.status != 201:
            raise Lost(f"LOST {upload.name}: its pieces cannot be put together: {answer.status} {answer.body[:200]!r}")
        path = "/uploads/" + answer.headers["location"].rsplit("/", 1)[1]
        if upload.path not in (None, path):
            self.book.wrong(f"TWICE {upload.name}: put together as {upload.path} and as {path}")
        if upload.path is None:
            self.book.begun(upload, path)

    def wait_for_final(self, upload):
        upload.sent = len(upload.body)
        began = time.monotonic()
        while upload.offset < len(upload.body):
            self.settle(upload)
            if time.monotonic() - began > PATIENCE:
                raise Lost(f"STUCK {upload.path}: its pieces are there, and it is not put together")
            time.sleep(0.05)
        self.book.count("put together")

    def clear(self, pieces):
        for piece in pieces:
            if self.chance(0.7):
                answer = wire.BROKEN
                while self.is_transient(answer):
                    answer = self.ask("DELETE", piece.path, TUS)
                if answer.status not in (204, 404, 410):
                    self.book.wrong(f"REFUSED removal of {piece.path}: {answer.status}")
                with self.book.lock:
                    self.book.pieces.pop(piece.id)


class DraftClient(Client):
    def deliver(self, upload):
        upload.protocol, upload.version = "draft", self.generator.choice([6, 10])
        answer = self.create(upload)
        if upload.path is None:
            return
        while not self.is_final(answer):
            if self.chance(0.003):
                return self.book.count("left unfinished")
            answer = self.append(upload)
            time.sleep(self.generator.random() * 0.02)
        self.see(upload, answer)

    @staticmethod
    def is_final(answer):
        return answer.headers.get("upload-complete") == "?1" and answer.status == 201

    def create(self, upload):
        is_whole = self.chance(0.4)
        first = upload.body if is_whole else upload.body[:self.generator.choice([0, self.piece_size()])]
        headers = {
            **upload.headers(), "Upload-Complete": "?1" if is_whole else "?0", "Content-Length": str(len(first)),
            "Content-Type": "text/plain", "Content-Disposition": f'inline; filename="{upload.name}"'}
        upload.sent = len(first)
        answer = self.ask(
            "POST", f"/v1/children/{self.child}/artefacts", headers, self.pieces(first), self.listener(upload))
        if self.is_final(answer):
            if upload.path is None:
                self.book.wrong(f"SILENT {upload.name}: no 104 came before the last answer")
            return answer
        if answer.status == 201:
            self.told(upload, answer.headers["location"])
            self.book.reached(upload, int(answer.headers["upload-offset"]), "POST")
        elif upload.path:
            return self.after(upload, answer, "creation")
        elif not self.is_transient(answer):
            self.book.wrong(f"REFUSED creation of {upload.name}: {answer.status} {answer.body[:200]!r}")
        return answer

    def listener(self, upload):
        def take(status, headers):
            if status != 104:
                return
            self.book.count("104 seen")
            if "location" in headers:
                self.told(upload, headers["location"])
            if "upload-offset" in headers:
                self.book.count("104 with an offset")
                self.book.reached(upload, int(headers["upload-offset"]), "104")
        return take

    def told(self, upload, location):
        path = "/v1/uploads/" + location.rsplit("/", 1)[1]
        if upload.path not in (None, path):
            self.book.wrong(f"TWICE {upload.name}: its place is {upload.path} and {path}")
        if upload.path is None:
            self.book.begun(upload, path)

    def append(self, upload):
        left = len(upload.body) - upload.offset
        size = left if self.stopped or self.chance(0.3) else self.piece_size()
        is_last = size >= left and (left == 0 or self.chance(0.8))
        piece = upload.body[upload.offset:upload.offset + size]
        headers = {
            **upload.headers(), "Upload-Complete": "?1" if is_last else "?0", "Upload-Offset": str(upload.offset),
            "Content-Type": "application/partial-upload", "Content-Length": str(len(piece))}
        if self.chance(0.2):
            headers["Content-Digest"] = f"sha-256=:{encoded(hashlib.sha256(piece).digest())}:"
        upload.sent = max(upload.sent, upload.offset + len(piece))
        if is_last and piece and self.chance(0.3):
            return self.lose_answer(upload, headers, piece)
        answer = self.ask("PATCH", upload.path, headers, self.pieces(piece), self.listener(upload))
        if self.is_final(answer):
            return answer
        if answer.status == (201 if upload.version == 6 else 204):
            self.book.reached(upload, int(answer.headers["upload-offset"]), "PATCH")
            return answer
        return self.after(upload, answer, f"{len(piece)} bytes, {headers['Upload-Complete']}")

    def lose_answer(self, upload, headers, piece):
        upload.is_overtaken = True
        try:
            exchange = wire.Exchange(
                self.address, "PATCH", upload.path, {"Authorization": f"Bearer {self.token}", **headers}, self.limit)
            exchange.send(piece)
            time.sleep(self.generator.choice([0, 0.002, 0.05]))
            exchange.close()
        except (OSError, ValueError):
            pass
        self.book.count("last answers lost on purpose")
        return self.after(upload, wire.BROKEN, "a lost last answer")

    def after(self, upload, answer, doing):
        """Goes on from what HEAD says, and asks again for a last answer that was lost."""
        answer = self.refused(upload, answer, doing)
        while answer.headers.get("upload-complete") == "?1":
            again = self.ask("PATCH", upload.path, {
                **upload.headers(), "Upload-Complete": "?1", "Upload-Offset": str(upload.offset),
                "Content-Type": "application/partial-upload", "Content-Length": "0"})
            if self.is_final(again):
                self.book.count("last answers asked for again")
                return again
            answer = self.refused(upload, again, "asked again for the last answer")
        return answer

    def see(self, upload, answer):
        artefact = json.loads(answer.body)["artefact"]
        self.finish(upload, artefact["href"])
        if artefact["digest"] != digest_of(upload.body):
            self.book.wrong(f"LOST {artefact['href']}: the last answer says {artefact['digest']}")
        if self.confirm(upload) != artefact["href"]:
            self.book.wrong(f"TWICE {upload.path}: its last answer and its state name different artefacts")
