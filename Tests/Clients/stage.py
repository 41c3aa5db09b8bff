"""What the scripts beside it share: a daemon, a line that can be cut, files, and what became of them."""
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TORTURE = os.path.join(os.path.dirname(HERE), "Torture")
sys.path.insert(0, TORTURE)

from witness import KEEPSAKE, Daemon, add_child, content, run, text


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Stage:
    """A daemon on a store of its own, with a child, reached directly or by a line that can be cut."""

    def __init__(self, folder, name):
        self.folder, self.name, self.wrong = folder, name, 0
        self.daemon = Daemon(os.path.join(folder, "store"), port=free_port())
        self.child = add_child(self.daemon)
        self.system = run(KEEPSAKE, "token", "create", "--role", "system", "--storage", self.daemon.storage)
        self.line, self.control = free_port(), free_port()
        self.proxy = subprocess.Popen([
            sys.executable, os.path.join(TORTURE, "faultproxy.py"), str(self.line), str(self.daemon.port),
            str(self.control)], stderr=subprocess.DEVNULL)
        time.sleep(0.7)

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.daemon.token}"}

    def direct(self, path):
        return f"http://127.0.0.1:{self.daemon.port}{path}"

    def by_line(self, path):
        return f"http://127.0.0.1:{self.line}{path}"

    def tell(self, command):
        with socket.create_connection(("127.0.0.1", self.control), timeout=10) as control:
            control.sendall(command.encode() + b"\n")
            control.recv(1000)

    def file(self, name, size):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(text(random.Random(name), size))
        return path

    def kill_and_start(self):
        self.daemon.stop(signal.SIGKILL)
        self.daemon = Daemon(self.daemon.storage, self.daemon.token, self.daemon.port)

    def step(self, what, is_right, seen):
        self.wrong += not is_right
        print(f"{self.name}: {'ok   ' if is_right else 'WRONG'} {what}: {seen}", flush=True)

    def resumed(self):
        """How many requests so far went on with an upload, by the daemon's own count."""
        _, _, answer = self.daemon.request("GET", "/metrics", headers={"Authorization": f"Bearer {self.system}"})
        return sum(
            float(line.rsplit(" ", 1)[1]) for line in answer.decode().splitlines()
            if line.startswith("keepsake_uploads_resumed_total"))

    def artefact(self, location):
        """The place of the artefact that an upload became."""
        _, _, answer = self.daemon.request("GET", "/v1/uploads/" + str(location).rsplit("/", 1)[1])
        return "/v1/artefacts/" + answer.decode().split('"artefact":"')[1].split('"')[0]

    def compare(self, what, href, path):
        status, body = content(self.daemon, href)
        with open(path, "rb") as file:
            source = file.read()
        self.step(what, status == 200 and body == source, f"status {status}, {len(body)} of {len(source)} bytes equal"
                  if source.startswith(body) else f"status {status}, other bytes")

    def close(self):
        self.daemon.stop(signal.SIGKILL)
        self.proxy.kill()
        self.proxy.wait()


@contextlib.contextmanager
def stage(name):
    """Ends the script with status 1 if a step was wrong."""
    folder = tempfile.mkdtemp(prefix="keepsake-clients-")
    try:
        one = Stage(folder, name)
        try:
            yield one
        finally:
            one.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if one.wrong else 0)
