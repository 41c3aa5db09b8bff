"""A daemon of its own for the tests: on an empty store, killed and started at will."""
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile


class Daemon:
    """Keepsake on a store that is removed at the end."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix="keepsake-browser-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.cookie = None
        self.sign_in = self.start()

    def start(self):
        """Starts, and answers the first worker's link, where there is one."""
        log = open(os.path.join(self.folder, "daemon.log"), "a")
        self.process = subprocess.Popen(
            [self.program, "serve", "--storage", os.path.join(self.folder, "store"), "--port", str(self.port)],
            stdout=subprocess.PIPE, stderr=log, text=True, cwd=self.folder)
        link = None
        for line in self.process.stdout:
            found = re.search(r"first worker: open (\S+)", line)
            link = found.group(1) if found else link
            if line.startswith("data lies in"):
                return link
        raise SystemExit(f"the daemon did not start: see {log.name}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    def request(self, method, path, body=None, headers=None):
        """One request as the worker who is signed in; answers status, headers and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {
            "Cookie": f"keepsake_session={self.cookie}", "Origin": self.address, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    def get(self, path):
        status, _, content = self.request("GET", path)
        return json.loads(content) if status == 200 else None

    def tus(self, method, path, body=None, **headers):
        fields = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.request(method, path, body, {"Tus-Resumable": "1.0.0", **fields})

    def offset(self, upload):
        """Bytes of an upload that are confirmed."""
        return self.get(f"/v1{upload}")["offset"]

    def new_child(self, name):
        body = json.dumps({"preferredName": name})
        _, _, content = self.request("POST", "/v1/children", body, {"Content-Type": "application/json"})
        return json.loads(content)["id"]

    def story(self, child):
        """The story's entries, by the names of their files."""
        items = self.get(f"/v1/children/{child}/timeline")["items"]
        return {item["artefact"]["fileName"]: item for item in items}


def digest(path):
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
