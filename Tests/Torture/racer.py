"""Requests for one upload that get in each other's way."""
import time

import wire
from senders import Lost, TusClient

TAKE_OVER_LIMIT = 2


class Racer:
    """Sends requests that get in each other's way, and looks whether the upload comes through."""

    def __init__(self, part, client, generator):
        self.part, self.book, self.client, self.generator = part, part.book, client, generator
        self.races = [
            self.twice, self.twice_to_the_end, self.late, self.late_other, self.stall_and_ask, self.stall_and_send,
            self.stall_and_cancel]

    def race(self):
        upload = self.begin()
        for _ in range(2):
            self.advance(upload, self.generator.randint(1, len(upload.body) // 5))
        race = self.generator.choice(self.races)
        self.book.count("races: " + race.__name__)
        if race(upload) != "cancelled":
            self.finish(upload)

    def begin(self):
        client = self.client
        upload = client.next_upload()
        if isinstance(client, TusClient):
            client.create(upload, {"Upload-Length": str(len(upload.body))})
        else:
            upload.protocol, upload.version = "draft", self.generator.choice([6, 10])
            client.ask("POST", f"/v1/children/{client.child}/artefacts", {
                **upload.headers(), "Upload-Complete": "?0", "Content-Length": "0",
                "Content-Disposition": f'inline; filename="{upload.name}"'}, on_interim=client.listener(upload))
        if upload.path is None:
            raise Lost(f"LOST {upload.name}: its creation is not answered")
        return upload

    def headers(self, upload, offset, size):
        headers = {
            **upload.headers(), "Authorization": f"Bearer {self.client.token}", "Upload-Offset": str(offset),
            "Content-Length": str(size)}
        if upload.protocol == "tus":
            return {**headers, "Content-Type": "application/offset+octet-stream"}
        is_last = offset + size == len(upload.body)
        return {
            **headers, "Content-Type": "application/partial-upload", "Upload-Complete": "?1" if is_last else "?0"}

    def send(self, upload, offset, piece):
        upload.sent = max(upload.sent, offset + len(piece))
        return wire.ask(
            self.client.address, "PATCH", upload.path, self.headers(upload, offset, len(piece)), [piece], 30)

    def advance(self, upload, size):
        offset = upload.offset
        answer = self.send(upload, offset, upload.body[offset:offset + size])
        self.expect(upload, answer.status in (201, 204), f"{size} bytes at {offset}: {answer.status}")
        self.client.settle(upload)
        self.expect(upload, upload.offset == offset + size, f"offset {upload.offset}, not {offset + size}")

    def expect(self, upload, is_true, words):
        if not is_true:
            self.book.wrong(f"RACE {upload.path}: {words}")

    def finish(self, upload):
        offset = upload.offset
        answer = self.send(upload, offset, upload.body[offset:])
        self.expect(upload, answer.status in (201, 204), f"the end from {offset}: {answer.status} {answer.body!r}")
        href = self.client.confirm(upload)
        self.expect(upload, href is not None, "finished, and no artefact")
        if href:
            self.book.ended(upload, href)
            self.client.compare(upload, href)

    def twice(self, upload, size=None):
        """The same request on two connections at once."""
        offset = upload.offset
        size = size or self.generator.randint(1, (len(upload.body) - offset) // 2)
        piece = upload.body[offset:offset + size]
        upload.sent = max(upload.sent, offset + size)
        both = [self.open(upload, offset, size) for _ in range(2)]
        for start in range(0, size, 30_000):
            for exchange in both:
                self.push(exchange, piece[start:start + 30_000])
        answers = [self.last(exchange) for exchange in both]
        good = sum(answer.status in (201, 204) for answer in answers)
        self.book.count(f"twice: {good} taken")
        self.expect(upload, good < 2, f"taken twice: {[answer.status for answer in answers]}")
        for answer in answers:
            self.expect(upload, answer.status in (0, 201, 204, 400, 409), f"sent twice: {answer.status}")
        self.client.settle(upload)
        self.expect(upload, good == 0 or upload.offset == offset + size, f"taken up to {upload.offset}")

    def twice_to_the_end(self, upload):
        self.twice(upload, len(upload.body) - upload.offset)

    def open(self, upload, offset, size):
        return wire.Exchange(self.client.address, "PATCH", upload.path, self.headers(upload, offset, size), 30)

    @staticmethod
    def push(exchange, piece):
        try:
            exchange.send(piece)
        except OSError:
            pass

    @staticmethod
    def last(exchange):
        try:
            return exchange.answer()
        except OSError:
            return wire.BROKEN
        finally:
            exchange.close()

    def late(self, upload, change=0):
        """A request that was answered comes again, after a later one."""
        now = upload.offset
        offset = self.generator.randrange(now)
        piece = bytes(byte ^ change for byte in upload.body[offset:offset + self.generator.randint(1, 100_000)])
        answer = self.send(upload, offset, piece)
        self.expect(upload, answer.status == 409, f"an older offset is answered {answer.status}")
        told = answer.headers.get("upload-offset")
        self.expect(upload, told == str(now), f"an older offset is told {told}, not {now}")
        self.client.settle(upload)
        self.expect(upload, upload.offset == now, f"an older offset moved it from {now} to {upload.offset}")

    def late_other(self, upload):
        self.late(upload, 1)

    def stalled(self, upload):
        """A request that stops in the middle, and had time to arrive before whoever takes over."""
        offset = upload.offset
        size = (len(upload.body) - offset) // 2
        half = self.generator.randint(0, size - 1)
        upload.sent = max(upload.sent, offset + half)
        exchange = self.open(upload, offset, size)
        self.push(exchange, upload.body[offset:offset + half])
        time.sleep(self.generator.choice([0.2, 0.5]))
        return exchange, offset, upload.body[offset + half:offset + size]

    def stall_and_ask(self, upload):
        stalled, _, rest = self.stalled(upload)
        self.timed(upload, "HEAD", lambda: self.client.settle(upload))
        self.take_over(upload)
        self.wake(upload, stalled, rest)

    def stall_and_send(self, upload):
        """Without asking: where the stalled request left more, it is told."""
        stalled, offset, rest = self.stalled(upload)
        piece = upload.body[offset:offset + 1000]
        answer = self.timed(upload, "PATCH", lambda: self.send(upload, offset, piece))
        self.expect(upload, answer.status in (201, 204, 409), f"taking over without asking: {answer.status}")
        if answer.status == 409:
            self.book.reached(upload, int(answer.headers["upload-offset"]), "409")
            self.take_over(upload)
        else:
            self.book.reached(upload, int(answer.headers["upload-offset"]), "PATCH")
        self.wake(upload, stalled, rest)

    def stall_and_cancel(self, upload):
        stalled, _, rest = self.stalled(upload)
        answer = self.timed(
            upload, "DELETE", lambda: self.client.ask("DELETE", upload.path, upload.headers()))
        self.expect(upload, answer.status == 204, f"cancelling is answered {answer.status}")
        self.push(stalled, rest)
        self.expect(upload, self.last(stalled).status not in (201, 204), "bytes after the cancelling are taken")
        answer = self.client.ask("HEAD", upload.path, upload.headers())
        self.expect(upload, answer.status in (404, 410), f"after cancelling: {answer.status}")
        with self.book.lock:
            del self.book.waiting[upload.id]
        return "cancelled"

    def take_over(self, upload):
        offset = upload.offset
        answer = self.timed(
            upload, "PATCH", lambda: self.send(upload, offset, upload.body[offset:offset + 1000]))
        self.expect(
            upload, answer.status in (201, 204), f"the offset {offset} that was told is answered {answer.status}")
        if answer.status in (201, 204):
            self.book.reached(upload, int(answer.headers["upload-offset"]), "PATCH")

    def timed(self, upload, what, work):
        began = time.monotonic()
        answer = work()
        seconds = time.monotonic() - began
        self.part.slowest = max(self.part.slowest, seconds)
        self.expect(upload, seconds < TAKE_OVER_LIMIT, f"{what} took over after {seconds:.1f} s")
        return answer

    def wake(self, upload, stalled, rest):
        now = upload.offset
        self.push(stalled, rest)
        answer = self.last(stalled)
        self.book.count(f"stalled: {answer.status or 'broken'}")
        self.expect(upload, answer.status not in (201, 204), "the rest of the older request is taken")
        self.client.settle(upload)
        self.expect(upload, upload.offset == now, f"the older request moved it from {now} to {upload.offset}")
