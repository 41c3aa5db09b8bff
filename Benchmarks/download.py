#!/usr/bin/env python3
"""Measures reading from Keepsake beside nginx and docker-registry, on the same disk, in one run.

    make bench
    python3 Benchmarks/download.py --size 1024 --runs 5 [--folder DIR]

  download   one stream of one file from the page cache: Keepsake opens, verifies and sends it; nginx sends plain
             bytes by sendfile; so does docker-registry, by Go's own use of it
  ranges     requests of 64 KiB at random places, 16 connections, for 4 seconds, by wrk
  scrub      keepsake verify of everything that is stored: plain bytes for each second of one core

Prints medians and ratios; the last line is JSON.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

from sending import Body, Connection, expect
from servers import ROOT, Keepsake, Nginx, Registry

WRK_SCRIPT = """
local size, count = {size}, 0
function request()
  local first = math.random(0, size - 65536)
  return wrk.format("GET", nil, {{ ["Range"] = "bytes=" .. first .. "-" .. first + 65535, ["Authorization"] = "{authorization}" }})
end
function done(summary)
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


def make_text(path, size):
    """Text that nothing can compress and the inspector knows for text."""
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        while size > 0:
            piece = base64.encodebytes(os.urandom(1 << 20))[:size]
            file.write(piece)
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def fetch(port, address, size, headers=""):
    """Reads one answer to its end; answers the seconds it took."""
    buffer = bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = time.perf_counter()
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            expect(piece, head)
            head += piece
        head, _, rest = head.partition(b"\r\n\r\n")
        expect(b" 200 " in head.split(b"\r\n")[0], head)
        left = size - len(rest)
        while left > 0:
            count = connection.recv_into(buffer)
            expect(count > 0, "the answer ended early")
            left -= count
        return time.perf_counter() - began


def ranges(port, address, size, authorization, folder, seconds=4):
    """Requests of 64 KiB in a second, 16 at a time."""
    script = os.path.join(folder, "ranges.lua")
    with open(script, "w") as file:
        file.write(WRK_SCRIPT.format(size=size, authorization=authorization))
    output = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}{address}"],
        check=True, capture_output=True, text=True).stdout
    count, microseconds, errors = map(int, re.search(r"RESULT (\d+) (\d+) (\d+)", output).groups())
    expect(errors == 0, output)
    return count / (microseconds / 1e6)


def scrub(keepsake):
    """Gigabytes verified for each second of one core."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = keepsake.command("verify", "--again", "--json", "--concurrency", "1", "--storage", keepsake.storage)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(answer)["bytes"] / spent / 1e9


def read_and_measure(arguments, folder):
    size = arguments.size << 20
    nginx, keepsake, registry = Nginx(folder), Keepsake(folder), Registry(folder)
    servers = [nginx, keepsake, registry]
    try:
        source = os.path.join(folder, "nginx/files/file.txt")
        digest = make_text(source, size)
        with open(source, "rb") as file:
            body = Body(file, size, b"", digest)
            artefact = keepsake.post(Connection(keepsake.port), body)
            blob = registry.put(Connection(registry.port), body)
        address = artefact["href"] + "/content"
        wait_until_kept(keepsake, artefact["href"])
        bearer = f"Bearer {keepsake.token}"
        contestants = {
            "nginx": (nginx, lambda: fetch(nginx.port, "/file.txt", size)),
            "registry": (registry, lambda: fetch(registry.port, blob, size)),
            "keepsake": (
                keepsake, lambda: fetch(keepsake.port, address, size, f"Authorization: {bearer}\r\n")),
        }
        downloads = {name: [] for name in contestants}
        requests = {"nginx": [], "keepsake": []}
        for run in range(arguments.runs):
            for name, (server, download) in contestants.items():
                before = server.cpu_seconds()
                seconds = download()
                downloads[name].append((size / 1e6 / seconds, (server.cpu_seconds() - before) / (size / 2**30)))
            requests["nginx"].append(ranges(nginx.port, "/file.txt", size, "none", folder))
            requests["keepsake"].append(ranges(keepsake.port, address, size, bearer, folder))
            print(f"run {run + 1}  " + "  ".join(f"{n} {d[-1][0]:.0f} MB/s" for n, d in downloads.items())
                  + "  ranges/s " + "  ".join(f"{n} {r[-1]:.0f}" for n, r in requests.items()), flush=True)
        scrubbed = [scrub(keepsake) for _ in range(3)]
        return report(downloads, requests, scrubbed)
    finally:
        for server in servers:
            server.stop()


def wait_until_kept(keepsake, href):
    connection = Connection(keepsake.port)
    for _ in range(600):
        answer = keepsake.get(connection, href)
        if json.loads(answer)["state"] == "kept":
            return
        time.sleep(0.1)
    expect(False, answer)


def report(downloads, requests, scrubbed):
    speed = {name: statistics.median(s for s, _ in runs) for name, runs in downloads.items()}
    cpu = {name: statistics.median(c for _, c in runs) for name, runs in downloads.items()}
    rate = {name: statistics.median(runs) for name, runs in requests.items()}
    print(f"\n{'':9} {'MB/s':>7} {'× nginx':>8} {'CPU s/GiB':>10} {'ranges/s':>9} {'× nginx':>8}")
    for name in downloads:
        line = f"{name:9} {speed[name]:7.0f} {speed[name] / speed['nginx']:8.2f} {cpu[name]:10.2f}"
        if name in rate:
            line += f" {rate[name]:9.0f} {rate[name] / rate['nginx']:8.2f}"
        print(line)
    print(f"download × registry: {speed['keepsake'] / speed['registry']:.2f}")
    print(f"scrub: {statistics.median(scrubbed):.2f} GB for each second of one core")
    return {
        "MBps": speed, "cpuSecondsPerGiB": cpu, "rangesPerSecond": rate,
        "downloadToNginx": speed["keepsake"] / speed["nginx"],
        "downloadToRegistry": speed["keepsake"] / speed["registry"],
        "rangesToNginx": rate["keepsake"] / rate["nginx"], "scrubGBPerCoreSecond": statistics.median(scrubbed)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=ROOT, help="where the servers' files lie, on the disk to be measured")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix=".build-bench-", dir=os.path.abspath(arguments.folder))
    try:
        print(json.dumps(read_and_measure(arguments, folder)))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
