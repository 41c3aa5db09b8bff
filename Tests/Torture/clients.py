"""Clients that add files for as long as a store is tortured, by every way that there is."""
import random
import threading
import time

from senders import Book, DraftClient
from wire import Address
from witness import TUS, begin, post, text


class LedgerBook(Book):
    """What clients by the draft are acknowledged goes into the ledger; what is wrong, to whoever looks."""

    def __init__(self, ledger, wrong, may_fail):
        super().__init__(None)
        self.ledger, self.lines, self.may_fail = ledger, wrong, may_fail
        self.sent, self.counts = ledger.sent, ledger.counts

    def wrong(self, line):
        self.lines.append(line)

    def begun(self, upload, path):
        super().begun(upload, path)
        self.ledger.versions[path] = upload.version
        self.ledger.reached(path, upload.body, upload.offset, "its creation")

    def reached(self, upload, offset, answer):
        super().reached(upload, offset, answer)
        self.ledger.reached(upload.path, upload.body, upload.offset, answer)

    def ended(self, upload, href):
        super().ended(upload, href)
        self.ledger.ended(upload.path, upload.body)


class Stopped(Exception):
    """A client that is to leave everything as it stands."""


class LeavingClient(DraftClient):
    """By the draft; when it is stopped it does not see to the end of its upload."""

    def run(self):
        try:
            super().run()
        except Stopped:
            pass

    def deliver(self, upload):
        super().deliver(upload)
        time.sleep(0.05 + self.generator.random() * 0.05)

    def size(self):
        return self.generator.choice([self.generator.randint(100, 100_000), self.generator.randint(100_000, 400_000)])

    def ask(self, *arguments, **options):
        if self.stopped:
            raise Stopped
        return super().ask(*arguments, **options)

    def slowly(self, piece):
        for drop in super().slowly(piece):
            if self.stopped:
                raise ConnectionAbortedError
            yield drop


class Clients:
    """Add files, whole, in pieces and slowly, by tus and by the draft, until they are stopped or the daemon is gone."""

    ATTEMPTS = 8

    def __init__(self, daemon, ledger, seed, slow=1, may_fail=False):
        self.daemon, self.ledger, self.stopped, self.wrong = daemon, ledger, False, []
        self.book, self.seed = LedgerBook(ledger, self.wrong, may_fail), seed
        works = [self.add] * 3 + [self.resume] * 2 + [self.trickle] * slow
        self.threads = [
            threading.Thread(target=work, args=(random.Random(seed * 100 + number),), daemon=True)
            for number, work in enumerate(works)]
        self.leaving = [self.by_draft(number, 0.04) for number in range(2)]
        self.leaving += [self.by_draft(2 + number, 1) for number in range(slow)]
        self.threads += [threading.Thread(target=client.run, daemon=True) for client in self.leaving]
        for thread in self.threads:
            thread.start()

    def by_draft(self, number, slow_part):
        client = LeavingClient(
            self.book, Address(self.daemon.port), self.daemon.token, self.ledger.child,
            random.Random(f"draft {self.seed} {number}"), f"draft{self.seed}.{number}")
        client.slow_part = slow_part
        return client

    def add(self, generator):
        while not self.stopped:
            post(self.daemon, self.ledger, text(generator, generator.randint(100, 100_000)))
            time.sleep(generator.random() * 0.03)

    def resume(self, generator):
        while not self.stopped:
            body = text(generator, generator.randint(100_000, 400_000))
            self.send(body, lambda: generator.choice([1, 999, 65_536, 70_001, 131_072]), self.daemon.patch)
            time.sleep(0.05 + generator.random() * 0.05)

    def trickle(self, generator):
        """Requests that last longer than the daemon waits before it commits what came so far."""
        while not self.stopped:
            body = text(generator, generator.randint(100_000, 400_000))
            self.send(body, lambda: len(body), self.patch_slowly)
            time.sleep(0.05)

    def patch_slowly(self, path, offset, piece):
        return self.daemon.patch(path, offset, self.drops(piece), len(piece))

    def drops(self, piece):
        for start in range(0, len(piece), 13_001):
            if self.stopped:
                raise ConnectionAbortedError
            yield piece[start:start + 13_001]
            time.sleep(0.2)

    def send(self, body, size, patch):
        path = begin(self.daemon, self.ledger, body)
        offset, failures = 0, 0
        while path and not self.stopped and failures < self.ATTEMPTS:
            piece = body[offset:offset + size()]
            if patch(path, offset, piece) == 204:
                offset += len(piece)
                if offset == len(body):
                    return self.ledger.ended(path, body)
                self.ledger.reached(path, body, offset, "PATCH")
            else:
                failures += 1
                time.sleep(0.1)
                offset = self.known(path, body, offset)

    def known(self, path, body, offset):
        """What the daemon says when it is asked after a failure is its word, too."""
        status, headers, _ = self.daemon.ask("HEAD", path, headers=TUS)
        if status in (404, 410):
            self.wrong.append(f"LOST {path}: status {status}")
        if status != 200:
            return offset
        known = int(headers["upload-offset"])
        if known < offset:
            self.wrong.append(f"OFFSET of {path} was {offset}, is {known}")
        self.ledger.reached(path, body, known, "HEAD")
        return known

    def stop(self):
        self.stopped = True
        for client in self.leaving:
            client.stopped = True
        for thread in self.threads:
            thread.join()
