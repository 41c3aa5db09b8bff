"""The servers that are measured, and how they are talked to and watched."""
import base64
import contextlib
import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

from sending import Connection, Content, expect, request_head

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEEPSAKE = os.path.abspath(os.environ.get("KEEPSAKE") or os.path.join(ROOT, ".build/release/keepsake"))


def tree(pid):
    """A process and all its descendants."""
    pids = [pid]
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        with open(path) as children:
            for child in children.read().split():
                pids += tree(int(child))
    return pids


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # Children that were waited for have inspected a file each.
        ticks += sum(int(fields[i]) for i in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid, name):
    """MiB of a process, by a name in /proc/PID/status."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(rf"^{name}:\s+(\d+)", status.read(), re.M).group(1)) / 1024


def wait_for(port):
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def location(fields):
    return re.sub(r"^https?://[^/]*", "", fields["location"])


class Server:
    """A server with a process, a port, and a folder for its files."""

    def pids(self):
        return tree(self.process.pid)

    def cpu_seconds(self):
        return cpu_seconds(self.pids())

    def settle(self):
        """Waits, for a minute at most, until the server has nothing more to do, such as to inspect."""
        for _ in range(200):
            before = self.cpu_seconds()
            time.sleep(0.3)
            if self.cpu_seconds() - before < 0.02:
                return

    def empty(self, folder):
        """Removes files, for the disk's space only, and leaves the folders."""
        for path, _, names in os.walk(folder):
            for name in names:
                # Keepsake may be bringing it to another folder.
                with contextlib.suppress(FileNotFoundError):
                    os.remove(os.path.join(path, name))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Sink(Server):
    """Reads and throws away."""

    def __init__(self, folder):
        program = os.path.join(folder, "sink")
        source = os.path.join(ROOT, "Benchmarks/sink.c")
        subprocess.run(["cc", "-O2", "-pthread", source, "-o", program], check=True)
        self.process = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def put(self, connection, body, chunk=None):
        for first in range(0, body.size, chunk or body.size):
            part = (first, min(body.size, first + (chunk or body.size)))
            status, _, _ = connection.request("PUT", "/", body=body, part=part)
            expect(status == 200, status)

    def clear(self):
        pass


class Floor(Server):
    """The least that keeping a file can cost here: hashed, sealed, synced and renamed by a C program."""

    def __init__(self, folder):
        self.files = os.path.join(folder, "floor")
        os.makedirs(self.files)
        program = os.path.join(folder, "floor-program")
        source = os.path.join(ROOT, "Benchmarks/floor.c")
        subprocess.run(["cc", "-O2", "-pthread", source, "-o", program, "-lcrypto"], check=True)
        self.process = subprocess.Popen([program, self.files], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def put(self, connection, body, chunk=None):
        """With `chunk`, each is a file of its own."""
        for first in range(0, body.size, chunk or body.size):
            part = (first, min(body.size, first + (chunk or body.size)))
            status, _, _ = connection.request("PUT", "/", body=body, part=part)
            expect(status == 201, status)

    def clear(self):
        self.empty(self.files)


class Nginx(Server):
    """WebDAV: no digest, no sync, no index."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "nginx")
        self.files = os.path.join(self.folder, "files")
        os.makedirs(self.files)
        self.port = free_port()
        self.write_configuration()
        self.process = subprocess.Popen(
            ["nginx", "-c", f"{self.folder}/nginx.conf", "-p", self.folder], stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def write_configuration(self):
        module = "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so"
        with open(f"{self.folder}/nginx.conf", "w") as file:
            file.write(f"""
                {f'load_module {module};' if os.path.exists(module) else ''}
                daemon off; worker_processes auto; pid {self.folder}/pid; error_log {self.folder}/error.log;
                user root;
                events {{ worker_connections 4096; }}
                http {{ access_log off; sendfile on; keepalive_requests 100000;
                    client_max_body_size 0; client_body_buffer_size 1m;
                    client_body_temp_path {self.folder}/temporary;
                    proxy_temp_path {self.folder}/p; fastcgi_temp_path {self.folder}/f;
                    uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
                    server {{ listen 127.0.0.1:{self.port}; root {self.files};
                        location / {{ dav_methods PUT; }} }} }}""")

    def put(self, connection, body):
        status, _, content = connection.request("PUT", f"/{body.digest}", body=body)
        expect(status in (201, 204), content)

    def put_head(self, size):
        return request_head("PUT", f"/{os.urandom(16).hex()}", size)

    def clear(self):
        self.empty(self.files)


class Copyparty(Server):
    """copyparty from PyPI, with its database; it has no sync."""

    def __init__(self, folder):
        expect(importlib.util.find_spec("copyparty"), "copyparty is missing: python3 -m pip install copyparty")
        self.files = os.path.join(folder, "copyparty/files")
        os.makedirs(self.files)
        self.port = free_port()
        environment = dict(os.environ, XDG_CONFIG_HOME=os.path.join(folder, "copyparty"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "copyparty", "-q", "--no-thumb", "--wram", "-e2d", "-i", "127.0.0.1", "-p",
             str(self.port), "--hist", os.path.join(folder, "copyparty/history"), "-v", f"{self.files}::rwd"],
            env=environment, cwd=self.files, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def put(self, connection, body):
        status, _, content = connection.request("PUT", f"/{body.digest}", ["Connection: keep-alive"], body)
        expect(status == 201, content)

    def put_head(self, size):
        return request_head("PUT", f"/{os.urandom(16).hex()}", size)

    def up2k(self, connection, body):
        """Handshake, the one chunk, and the handshake that says that all is there, as u2c.py does it.

        Source: up2k in copyparty's docs/devnotes.md; copyparty/web/a/u2c.py.
        """
        # A chunk is named by the first 33 bytes of its SHA-512; a file up to 1 MiB is one chunk.
        chunk = base64.urlsafe_b64encode(hashlib.sha512(body.bytes).digest()[:33]).decode()
        declaration = {"hash": [chunk], "name": body.digest, "lmod": 1, "size": body.size}
        wanted = self.handshake(connection, declaration)
        expect(wanted["hash"] == [chunk], wanted)
        status, _, content = connection.request(
            "POST", wanted["purl"],
            ["Content-Type: application/octet-stream", "Connection: keep-alive", f"X-Up2k-Hash: {chunk}",
             f"X-Up2k-Wark: {wanted['wark']}"], body)
        expect(status == 200, content)
        done = self.handshake(connection, declaration)
        expect(done["hash"] == [], done)

    def handshake(self, connection, declaration):
        status, _, content = connection.request(
            "POST", "/", ["Content-Type: application/json", "Connection: keep-alive"],
            Content(json.dumps(declaration).encode()))
        expect(status == 200, content)
        return json.loads(content)

    def clear(self):
        self.empty(self.files)


class Keepsake(Server):
    def __init__(self, folder):
        self.storage = os.path.join(folder, "keepsake")
        self.start()
        self.token = self.command("token", "create", "--role", "worker", "--storage", self.storage)
        self.child = self.command("child", "add", "Bench")

    def start(self, **settings):
        """Starts the daemon, such as with INSPECTION_CONCURRENCY="2"; answers the seconds until it listens."""
        settings = {"LOG_LEVEL": "critical", "UPLOADS_MAXIMUM_OPEN_PER_SENDER": "5000"} | settings
        environment = dict(os.environ, **{f"KEEPSAKE_{name}": value for name, value in settings.items()})
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [KEEPSAKE, "serve", "--storage", self.storage, "--port", "0"], env=environment, cwd="/",
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        seconds = time.perf_counter() - began
        expect("listening on" in line, line or "the daemon stopped")
        self.port = int(line.strip().rsplit(":", 1)[1])
        return seconds

    def command(self, *arguments):
        environment = dict(
            os.environ, KEEPSAKE_SERVER=f"http://127.0.0.1:{self.port}", KEEPSAKE_TOKEN=getattr(self, "token", ""))
        return subprocess.run(
            [KEEPSAKE, *arguments], env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def settle(self):
        """Waits until nothing is to be inspected or made any more: jobs can have given way to what came in."""
        for _ in range(180):
            jobs = self.command("jobs", "--limit", "0", "--storage", self.storage)
            if not re.search(r"[1-9]\d* (waiting|running)", jobs):
                break
            time.sleep(1)
        super().settle()

    def fields(self, *more):
        return [f"Authorization: Bearer {self.token}", *more]

    def tus_fields(self, *more):
        return self.fields("Tus-Resumable: 1.0.0", *more)

    def patch_fields(self, offset):
        return self.tus_fields(f"Upload-Offset: {offset}", "Content-Type: application/offset+octet-stream")

    def get(self, connection, address):
        status, _, content = connection.request("GET", address, self.fields())
        expect(status == 200, content)
        return content

    def post(self, connection, body):
        status, _, content = connection.request(
            "POST", f"/v1/children/{self.child}/artefacts", self.fields(), body)
        expect(status == 201, content)
        return json.loads(content)["artefact"]

    def post_head(self, size):
        return request_head("POST", f"/v1/children/{self.child}/artefacts", size, self.fields())

    def create(self, connection, size):
        """Begins a tus upload; answers its address."""
        child = base64.b64encode(self.child.encode()).decode()
        status, fields, content = connection.request(
            "POST", "/uploads", self.tus_fields(f"Upload-Length: {size}", f"Upload-Metadata: child {child}"))
        expect(status == 201, content)
        return location(fields)

    def tus(self, connection, body, chunk=None):
        address = self.create(connection, body.size)
        for first in range(0, body.size, chunk or body.size):
            part = (first, min(body.size, first + (chunk or body.size)))
            status, fields, content = connection.request("PATCH", address, self.patch_fields(first), body, part)
            expect(status == 204 and int(fields["upload-offset"]) == part[1], content)

    def tus_head(self, size):
        address = self.create(Connection(self.port), size)
        return request_head("PATCH", address, size, self.patch_fields(0))

    def clear(self):
        self.empty(os.path.join(self.storage, "blobs"))


class Registry(Server):
    """Debian's docker-registry, which keeps blobs by digest as plain files, and syncs them."""

    def __init__(self, folder):
        self.files = os.path.join(folder, "registry")
        self.port = free_port()
        path = os.path.join(folder, "registry.yml")
        with open(path, "w") as file:
            file.write(
                f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                f"storage: {{filesystem: {{rootdirectory: {self.files}}}}}\n"
                f"http: {{addr: 127.0.0.1:{self.port}}}\n")
        self.process = subprocess.Popen(
            ["docker-registry", "serve", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def create(self, connection):
        status, fields, content = connection.request("POST", "/v2/bench/blobs/uploads/")
        expect(status == 202, content)
        return location(fields)

    def put(self, connection, body):
        """Keeps the body in one request; answers the address of its blob."""
        return self.finish(connection, self.create(connection), body.digest, body)

    def chunks(self, connection, body, chunk):
        address = self.create(connection)
        for first in range(0, body.size, chunk):
            last = min(body.size, first + chunk)
            status, fields, content = connection.request(
                "PATCH", address, ["Content-Type: application/octet-stream", f"Content-Range: {first}-{last - 1}"],
                body, (first, last))
            expect(status == 202, content)
            address = location(fields)
        self.finish(connection, address, body.digest)

    def finish(self, connection, address, digest, body=None):
        status, _, content = connection.request(
            "PUT", f"{address}&digest=sha256:{digest}", ["Content-Type: application/octet-stream"], body)
        expect(status == 201, content)
        return f"/v2/bench/blobs/sha256:{digest}"

    def patch_head(self, size):
        address = self.create(Connection(self.port))
        return request_head("PATCH", address, size, ["Content-Type: application/octet-stream"])

    def clear(self):
        shutil.rmtree(self.files, ignore_errors=True)
