"""The load generator: bodies that are all different, connections, and many at once."""
import base64
import hashlib
import multiprocessing
import os
import socket
import sys
import threading
import time

END = 64


def expect(condition, what):
    if not condition:
        sys.exit(f"unexpected answer: {what}")


class Body:
    """The first bytes of a file, and then an end of its own."""

    def __init__(self, file, size, end, digest):
        self.file, self.size, self.end, self.digest = file, size, end, digest

    def send(self, connection, head, first, last):
        connection.sendall(head)
        shared = self.size - len(self.end)
        while first < min(last, shared):
            count = min(last, shared, first + (1 << 22)) - first
            first += os.sendfile(connection.fileno(), self.file.fileno(), first, count)
        if first < last:
            connection.sendall(self.end[first - shared:last - shared])


class Source:
    """A file from which come any number of bodies that differ in their ends."""

    def __init__(self, path, size):
        block = os.urandom(1 << 20)
        with open(path, "wb") as file:
            for index in range(size >> 20):
                file.write(index.to_bytes(8, "big") + block[8:])
        self.file, self.size = open(path, "rb"), size
        self.beginnings = {}

    def body(self, size):
        end = os.urandom(END)
        digest = self.beginning(size - END).copy()
        digest.update(end)
        return Body(self.file, size, end, digest.hexdigest())

    def beginning(self, size):
        """The SHA-256 of the first bytes, to be gone on with; computed once."""
        if size not in self.beginnings:
            digest = hashlib.sha256()
            for first in range(0, size, 1 << 20):
                digest.update(os.pread(self.file.fileno(), min(1 << 20, size - first), first))
            self.beginnings[size] = digest
        return self.beginnings[size]


class Content:
    """A body that is in memory."""

    def __init__(self, content):
        self.bytes, self.size = content, len(content)

    def send(self, connection, head, first, last):
        connection.sendall(head + self.bytes[first:last])


class Text(Content):
    """A small text that is like no other."""

    def __init__(self, size):
        super().__init__(base64.encodebytes(os.urandom(size))[:size])
        self.digest = hashlib.sha256(self.bytes).hexdigest()


class Connection:
    """One connection that is kept alive, and speaks HTTP/1.1."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def request(self, method, address, fields=(), body=None, part=None):
        """Sends a request with a body, or a part of it; answers status, fields and content."""
        first, last = part or (0, body.size if body else 0)
        head = request_head(method, address, last - first, fields)
        try:
            if body:
                body.send(self.socket, head, first, last)
            else:
                self.socket.sendall(head)
        except ConnectionError:
            pass  # The answer says why.
        return self.answer()

    def answer(self):
        while b"\r\n\r\n" not in self.rest:
            self.receive()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(fields.get("content-length", 0))
        while len(self.rest) < length:
            self.receive()
        content, self.rest = self.rest[:length], self.rest[length:]
        return int(status.split()[1]), fields, content

    def receive(self):
        piece = self.socket.recv(1 << 18)
        expect(piece, "the connection was closed")
        self.rest += piece


def request_head(method, address, length, fields=()):
    lines = [f"{method} {address} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def many(port, act, items, at_once):
    """Acts on every item, so many at once, each on a connection of its own.

    Answers the seconds that all took together, and those of each.
    """
    context = multiprocessing.get_context("fork")
    taken = context.Value("q", 0)
    barrier = context.Barrier(at_once + 1)
    seconds = context.RawArray("d", len(items))

    def take():
        with taken.get_lock():
            taken.value += 1
            return taken.value - 1

    def work():
        try:
            connection = Connection(port)
            barrier.wait()
            while (index := take()) < len(items):
                began = time.perf_counter()
                act(connection, items[index])
                seconds[index] = time.perf_counter() - began
            barrier.wait()
        except threading.BrokenBarrierError:
            pass
        except BaseException:
            barrier.abort()
            raise

    workers = [context.Process(target=work, daemon=True) for _ in range(at_once)]
    for worker in workers:
        worker.start()
    try:
        barrier.wait()
        began = time.perf_counter()
        barrier.wait()
        together = time.perf_counter() - began
    except threading.BrokenBarrierError:
        sys.exit("a request failed")
    for worker in workers:
        worker.join()
    return together, list(seconds)
