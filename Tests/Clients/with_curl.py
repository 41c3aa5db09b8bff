#!/usr/bin/env python3
"""Drives the daemon with curl, by the IETF's draft, over HTTP/1.1 and HTTP/2: python3 with_curl.py

What curl shows of an interim answer is what any client sees of it that is not ours.
"""
import json
import os
import subprocess

from stage import stage

SIZE = 4_000_000


class Curl:
    def __init__(self, stage, protocol, version):
        self.stage, self.protocol, self.version = stage, protocol, version
        self.heads = os.path.join(stage.folder, "heads")

    def run(self, method, url, *options, body=None, **headers):
        """The heads of all answers, and the body of the last."""
        fields = {**self.stage.headers, "Upload-Draft-Interop-Version": str(self.version), **headers}
        done = subprocess.run([
            "curl", "-s", self.protocol, "-X", method, "-D", self.heads, *options,
            *(word for name, value in fields.items() for word in ("-H", f"{name.replace('_', '-')}: {value}")),
            *(["-I"] if method == "HEAD" else []), *(["--data-binary", f"@{body}"] if body else []), url],
            capture_output=True)
        with open(self.heads) as file:
            heads = [Head(head) for head in file.read().replace("\r", "").split("\n\n") if head]
        return done.returncode, heads or [Head(f"curl 0 (exit {done.returncode})")], done.stdout


class Head:
    def __init__(self, head):
        self.first, *lines = head.splitlines()
        self.status = int(self.first.split()[1])
        self.fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


def words(heads):
    return " then ".join(str(head.status) if head.status else head.first for head in heads)


def post(stage):
    return stage.direct(f"/v1/children/{stage.child}/artefacts")


def rest_of(stage, path, offset):
    rest = os.path.join(stage.folder, "rest")
    with open(path, "rb") as source, open(rest, "wb") as file:
        source.seek(offset)
        file.write(source.read())
    return rest


def whole(stage, curl, name):
    path = stage.file(f"whole-{name}.txt", SIZE)
    _, heads, body = curl.run("POST", post(stage), body=path, Upload_Complete="?1", Content_Type="text/plain")
    interim = [head for head in heads if head.status == 104]
    stage.step(f"{name}: a 104 with the upload's place comes before the last answer",
               bool(interim) and "location" in interim[0].fields and heads[-1].status == 201
               and interim[0].fields.get("upload-draft-interop-version") == str(curl.version),
               f"{words(heads)}, upload-limit {interim[0].fields.get('upload-limit') if interim else None}")
    stage.compare(f"{name}: its bytes", json.loads(body)["artefact"]["href"], path)


def without_version(stage, curl, name):
    path = stage.file(f"plain-{name}.txt", 10_000)
    _, heads, _ = curl.run(
        "POST", post(stage), body=path, Upload_Complete="?1", Content_Type="text/plain",
        Upload_Draft_Interop_Version="2")
    stage.step(f"{name}: no 104 for a version that is not spoken", 104 not in [head.status for head in heads],
               words(heads))


def after_a_cut(stage, curl, name):
    path = stage.file(f"cut-{name}.txt", SIZE)
    code, heads, _ = curl.run(
        "POST", post(stage), "--limit-rate", "1500000", "--max-time", "1.5", body=path, Upload_Complete="?1",
        Content_Type="text/plain")
    place = next((head.fields["location"] for head in heads if "location" in head.fields), None)
    stage.step(f"{name}: curl gives up in the middle", code == 28 and place is not None, f"exit {code}, {words(heads)}")
    if place is None:
        return
    _, heads, _ = curl.run("HEAD", place)
    offset = int(heads[-1].fields["upload-offset"])
    stage.step(f"{name}: HEAD", heads[-1].status == 204 and 0 < offset < os.path.getsize(path)
               and heads[-1].fields.get("upload-complete") == "?0", f"{words(heads)}, upload-offset {offset}")
    _, heads, _ = curl.run(
        "PATCH", place, body=rest_of(stage, path, offset - 1), Upload_Complete="?1", Upload_Offset=offset - 1,
        Content_Type="application/partial-upload")
    stage.step(f"{name}: one byte too early", heads[-1].status == 409
               and heads[-1].fields.get("upload-offset") == str(offset), words(heads))
    _, heads, body = curl.run(
        "PATCH", place, body=rest_of(stage, path, offset), Upload_Complete="?1", Upload_Offset=offset,
        Content_Type="application/partial-upload")
    stage.step(f"{name}: the rest", heads[-1].status == 201 and heads[-1].fields.get("upload-complete") == "?1",
               words(heads))
    stage.compare(f"{name}: its bytes", json.loads(body)["artefact"]["href"], path)
    _, heads, again = curl.run(
        "PATCH", place, Upload_Complete="?1", Upload_Offset=os.path.getsize(path), Content_Length=0,
        Content_Type="application/partial-upload")
    stage.step(f"{name}: the last answer once more", heads[-1].status == 201
               and json.loads(again)["artefact"]["id"] == json.loads(body)["artefact"]["id"], words(heads))


def cancelled(stage, curl, name):
    path = stage.file(f"cancel-{name}.txt", 100_000)
    _, heads, _ = curl.run("POST", post(stage), body=path, Upload_Complete="?0", Content_Type="text/plain")
    place = heads[-1].fields["location"]
    _, gone, _ = curl.run("DELETE", place)
    _, after, _ = curl.run("HEAD", place)
    stage.step(f"{name}: begun, and cancelled", (gone[-1].status, after[-1].status) == (204, 404),
               f"POST {words(heads)}, DELETE {words(gone)}, HEAD {words(after)}")


with stage("curl") as it:
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        for version in (6, 10):
            curl, name = Curl(it, protocol, version), f"{protocol.removeprefix('--')}, interop {version}"
            whole(it, curl, name)
            without_version(it, curl, name)
            after_a_cut(it, curl, name)
            cancelled(it, curl, name)
