#!/usr/bin/env python3
"""Measures uploads to Keepsake beside nginx, on the same disk, in one run.

    make bench
    python3 Benchmarks/upload.py --size 2048 --runs 5 [--folder DIR]

One stream of one file over loopback, alternating between the servers:

  nginx      WebDAV PUT into a file: no digest, no fsync, no index
  post       POST /v1/children/{id}/artefacts: SHA-256, fsync, inspected, linked
  tus        PATCH /uploads/{id}: the same, and resumable at every moment

The source is sent by sendfile from the page cache; a sink that throws the
bytes away shows what the load generator can do. Prints medians, the ratio to
nginx, CPU seconds of the server per GiB, and the daemon's peak of memory
above idle; the last line is JSON.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import tempfile
import threading

from servers import ROOT, Keepsake, Nginx, make_source, send


class Sink:
    """Reads and throws away."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        buffer = bytearray(1 << 20)
        while True:
            connection, _ = self.listener.accept()
            with connection:
                left = None
                while left is None or left > 0:
                    count = connection.recv_into(buffer)
                    if left is None:
                        head, _, rest = bytes(buffer[:count]).partition(b"\r\n\r\n")
                        left = int(re.search(rb"Content-Length: (\d+)", head).group(1)) - len(rest)
                    else:
                        left -= count
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    def run(self, source, size):
        return send(self.port, f"PUT / HTTP/1.1\r\nContent-Length: {size}\r\n\r\n", source, size)[0], 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2048, help="MiB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=ROOT, help="where the servers' files lie, on the disk to be measured")
    arguments = parser.parse_args()
    size = arguments.size << 20
    folder = tempfile.mkdtemp(prefix=".build-bench-", dir=arguments.folder)
    servers = []
    try:
        source = os.path.join(folder, "source")
        make_source(source, size)
        nginx, keepsake, sink = Nginx(folder), Keepsake(folder), Sink()
        servers = [nginx.process, keepsake.process]
        contestants = {"sink": sink.run, "nginx": nginx.run, "post": keepsake.post, "tus": keepsake.tus}
        results = {name: [] for name in contestants}
        for run in range(arguments.runs):
            for name, upload in contestants.items():
                with open(source, "r+b") as file:
                    file.write(os.urandom(16))
                os.sync()
                results[name].append(upload(source, size))
                print(f"run {run + 1}  {name:6} {size / 1e6 / results[name][-1][0]:7.0f} MB/s", flush=True)
        report(results, keepsake.peaks, size)
    finally:
        for process in servers:
            process.send_signal(signal.SIGTERM)
            process.wait()
        shutil.rmtree(folder)


def report(results, peaks, size):
    speed = {name: size / 1e6 / statistics.median(s for s, _ in runs) for name, runs in results.items()}
    cpu = {name: statistics.median(c for _, c in runs) / (size / 2**30) for name, runs in results.items()}
    print(f"\n{'':6} {'MB/s':>7} {'× nginx':>8} {'CPU s/GiB':>10}")
    for name in results:
        print(f"{name:6} {speed[name]:7.0f} {speed[name] / speed['nginx']:8.2f} {cpu[name]:10.2f}")
    print(f"peak memory of the daemon above idle while {size >> 20} MiB come in: {max(peaks):.0f} MiB")
    print(json.dumps({
        "sizeMiB": size >> 20, "MBps": speed, "cpuSecondsPerGiB": cpu,
        "ratioToNginx": {name: speed[name] / speed["nginx"] for name in ("post", "tus")},
        "peakMiB": max(peaks)}))


if __name__ == "__main__":
    main()
