"""The servers that are measured, and how they are talked to and watched."""
import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEEPSAKE = os.environ.get("KEEPSAKE") or os.path.join(ROOT, ".build/release/keepsake")


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        # Children that were waited for are the inspectors.
        ticks += sum(int(fields[i]) for i in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid, name):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(rf"^{name}:\s+(\d+)", status.read(), re.M).group(1)) / 1024


def send(port, head, source, size):
    """Sends a request with the source as its body; answers seconds and the answer's head."""
    with socket.create_connection(("127.0.0.1", port)) as connection, open(source, "rb") as file:
        began = time.perf_counter()
        connection.sendall(head.encode())
        sent = 0
        while sent < size:
            sent += os.sendfile(connection.fileno(), file.fileno(), sent, min(size - sent, 1 << 22))
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = connection.recv(65536)
            if not piece:
                break
            answer += piece
        return time.perf_counter() - began, answer.decode(errors="replace")


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


def expect(condition, what):
    if not condition:
        sys.exit(f"unexpected answer: {what}")


def make_source(path, size):
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        for index in range(size >> 20):
            file.write(index.to_bytes(8, "big") + block[8:])


class Nginx:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "nginx")
        os.makedirs(os.path.join(self.folder, "files"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        module = "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so"
        configuration = f"""
            {f'load_module {module};' if os.path.exists(module) else ''}
            daemon off; worker_processes auto; pid {self.folder}/pid; error_log {self.folder}/error.log;
            user root;
            events {{}}
            http {{ access_log off; sendfile on; keepalive_requests 100000; client_max_body_size 0; client_body_buffer_size 1m;
                client_body_temp_path {self.folder}/temporary;
                proxy_temp_path {self.folder}/p; fastcgi_temp_path {self.folder}/f;
                uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
                server {{ listen 127.0.0.1:{self.port}; root {self.folder}/files;
                    location / {{ dav_methods PUT; }} }} }}"""
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w") as file:
            file.write(configuration)
        self.process = subprocess.Popen(["nginx", "-c", path, "-p", self.folder], stderr=subprocess.DEVNULL)
        wait_for(self.port)
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
            self.pids = [self.process.pid] + [int(pid) for pid in children.read().split()]

    def run(self, source, size):
        before = cpu_seconds(self.pids)
        seconds, answer = send(
            self.port, f"PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n", source, size)
        expect("HTTP/1.1 20" in answer, answer)
        spent = cpu_seconds(self.pids) - before
        os.remove(os.path.join(self.folder, "files/file"))
        return seconds, spent


class Keepsake:
    def __init__(self, folder):
        self.storage = os.path.join(folder, "keepsake")
        self.process = subprocess.Popen(
            [KEEPSAKE, "serve", "--storage", self.storage, "--port", "0"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.strip().rsplit(":", 1)[1])
        self.token = self.command("token", "create", "--role", "worker", "--storage", self.storage)
        self.child = self.command("child", "add", "Bench")
        self.peaks = []

    def command(self, *arguments):
        environment = dict(
            os.environ, KEEPSAKE_SERVER=f"http://127.0.0.1:{self.port}", KEEPSAKE_TOKEN=getattr(self, "token", ""))
        return subprocess.run(
            [KEEPSAKE, *arguments], env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def measured(self, head, source, size):
        pid = self.process.pid
        with open(f"/proc/{pid}/clear_refs", "w") as file:
            file.write("5")
        idle = memory(pid, "VmRSS")
        before = cpu_seconds([pid])
        seconds, answer = send(self.port, head, source, size)
        expect("HTTP/1.1 20" in answer, answer)
        self.peaks.append(memory(pid, "VmHWM") - idle)
        return seconds, cpu_seconds([pid]) - before

    def post(self, source, size):
        result = self.measured(
            f"POST /v1/children/{self.child}/artefacts HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Length: {size}\r\n\r\n", source, size)
        self.clear()
        return result

    def tus(self, source, size):
        child = base64.b64encode(self.child.encode()).decode()
        _, answer = send(
            self.port, f"POST /uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Length: {size}\r\nUpload-Metadata: child {child}\r\n\r\n", source, 0)
        upload = re.search(r"(?i)location: \S*(/uploads/\w+)", answer).group(1)
        result = self.measured(
            f"PATCH {upload} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {size}\r\n\r\n", source, size)
        self.clear()
        return result

    def clear(self):
        """Only the disk's space: every run sends other bytes."""
        shutil.rmtree(os.path.join(self.storage, "blobs/sha256"))
        os.makedirs(os.path.join(self.storage, "blobs/sha256"))


class Registry:
    """Debian's docker-registry, which keeps blobs by digest as plain files."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        path = os.path.join(folder, "registry.yml")
        with open(path, "w") as file:
            file.write(
                f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                f"storage: {{filesystem: {{rootdirectory: {folder}/registry}}}}\n"
                f"http: {{addr: 127.0.0.1:{self.port}}}\n")
        self.process = subprocess.Popen(
            ["docker-registry", "serve", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def put(self, source, size, digest):
        """Keeps the file; answers the address of its blob."""
        _, answer = send(self.port, "POST /v2/bench/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", source, 0)
        address = re.search(r"(?i)location: https?://[^/]*(\S+)", answer).group(1)
        _, answer = send(
            self.port, f"PUT {address}&digest=sha256:{digest} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n"
            "Content-Type: application/octet-stream\r\n\r\n", source, size)
        expect("HTTP/1.1 201" in answer, answer)
        return f"/v2/bench/blobs/sha256:{digest}"
