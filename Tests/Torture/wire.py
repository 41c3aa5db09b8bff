"""HTTP/1.1 by hand, plain or by TLS: interim answers are seen, and a request can stop or break off anywhere."""
import collections
import http.client
import select
import socket
import ssl
import struct

Answer = collections.namedtuple("Answer", "status headers body")
BROKEN = Answer(0, {}, b"")


class Address(collections.namedtuple("Address", "port trust", defaults=[None])):
    """Where a daemon listens on this machine, and the SSL context of those who trust its certificate, if it has one."""

    def connect(self, limit):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=limit)
        if self.trust is None:
            return connection
        try:
            return self.trust.wrap_socket(connection, server_hostname="127.0.0.1")
        except OSError:
            connection.close()
            raise


class Exchange:
    """One request on a connection of its own, and its answers."""

    def __init__(self, address, method, path, headers, limit=30, on_interim=None):
        self.address, self.method, self.limit, self.on_interim = address, method, limit, on_interim
        self.final, self.received = None, b""
        self.socket = address.connect(limit)
        host = f"Host: 127.0.0.1:{address.port}"
        lines = [f"{method} {path} HTTP/1.1", host, *(f"{k}: {v}" for k, v in headers.items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.socket.setblocking(False)

    def send(self, piece):
        """Sends until all is sent or the final answer is there."""
        left = memoryview(piece)
        while left and self.final is None:
            readable, writable = self.wait([self.socket])
            if readable:
                self.receive()
            elif writable:
                left = left[self.push(left):]

    def push(self, piece):
        """How much of it the socket took. TLS asks for the same again once there is room."""
        try:
            return self.socket.send(piece)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0

    def answer(self):
        while self.final is None:
            self.wait([])
            self.receive()
        return self.final

    def wait(self, writing):
        if self.address.trust and self.socket.pending():
            return [self.socket], []
        readable, writable, _ = select.select([self.socket], writing, [], self.limit)
        if not readable and not writable:
            raise TimeoutError
        return readable, writable

    def receive(self):
        try:
            piece = self.socket.recv(1 << 16)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            # Not a whole record yet, or one without bytes of an answer.
            return
        if not piece:
            raise ConnectionResetError("no answer")
        self.received += piece
        while self.final is None and b"\r\n\r\n" in self.received:
            if not self.take_message():
                return

    def take_message(self):
        head, rest = self.received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        if status < 200:
            self.received = rest
            if self.on_interim:
                self.on_interim(status, headers)
            return True
        size = 0 if self.method == "HEAD" or status == 204 else int(headers.get("content-length", 0))
        if len(rest) < size:
            return False
        self.final = Answer(status, headers, rest[:size])
        return True

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes without a goodbye, and without what has not been sent."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def ask(address, method, path, headers, pieces=(), limit=30, on_interim=None):
    """The final answer to a request, or BROKEN."""
    exchange = None
    try:
        exchange = Exchange(address, method, path, headers, limit, on_interim)
        for piece in pieces:
            exchange.send(piece)
        return exchange.answer()
    except (OSError, ValueError, http.client.HTTPException):
        return BROKEN
    finally:
        if exchange:
            exchange.close()
