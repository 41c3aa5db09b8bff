#!/usr/bin/env python3
"""Measures uploads to Keepsake beside nginx, docker-registry and copyparty, on the same disk, in one run.

    make bench
    python3 Benchmarks/upload.py --size 1024 --runs 5 [--rows stream,small] [--folder DIR]

  stream     one file in one request. Keepsake hashes it, seals it, syncs it, has it inspected and links it;
             docker-registry hashes and syncs it; copyparty hashes it; nginx does neither
  chunks     the same in requests of 8 MiB, each of them confirmed
  small      2,000 texts of 64 KiB, 16 at a time, on connections that are kept alive
  parallel   8 files at once, of a quarter of the size
  memory     the server's memory above idle with one file of that size, and with 1,000 uploads at once
             that have sent 64 KiB of 1 MiB each and go on slowly

Each row alternates between the servers. Files are sent by sendfile from the page cache and small ones from memory;
the sink, which throws everything away, shows what that can do, and the floor (floor.c: hash, seal, write, sync, rename
and no more, in C) what keeping them costs here at the least. No two bodies are the same. The medians are printed
beside the goals, and the last line is JSON.

All rows take about 15 minutes on two cores, and four times the size in DIR. With /dev/shm for DIR the disk plays no
part; --rows, --files and --runs 1 make it short.
"""
import argparse
import json
import os
import resource
import select
import shutil
import socket
import statistics
import sys
import tempfile
import time

from sending import Source, Text, expect, many
from servers import ROOT, Copyparty, Floor, Keepsake, Nginx, Registry, Sink, memory

CHUNK, SMALL, SLOW_SENT, SLOW_SIZE = 8 << 20, 64 << 10, 64 << 10, 1 << 20

# Keepsake's speed is to be at least so many times that of the other.
SPEED_GOALS = {
    "stream": {"registry": 3.5, "copyparty": 1.2, "nginx": 0.55},
    "chunks": {"registry": 3.5},
    "small": {"registry": 8, "copyparty up2k": 3},
    "parallel": {"registry": 1.7},
}
# Its CPU seconds for each GiB of the stream are to be at most so many times those of the other.
CPU_GOALS = {"registry": 0.35, "nginx": 2.4}
# MiB with one upload; KiB for each of 1,000.
MEMORY_GOALS = {"one": 64, "slow": 50}


class Row:
    """Uploads that are measured in turn: for each name a server and what is done with it."""

    def __init__(self, name, folder, contestants, make_bodies, at_once, unit):
        self.name, self.folder, self.contestants = name, folder, contestants
        self.make_bodies, self.at_once, self.unit = make_bodies, at_once, unit
        self.speeds = {name: [] for name in contestants}
        self.cpu = {name: [] for name in contestants}
        self.loads = []

    def measure(self, runs):
        for run in range(runs):
            self.loads.append(os.getloadavg()[0])
            for name in self.contestants:
                self.measure_one(name)
            print(f"{self.name} {run + 1}  " + "  ".join(f"{n} {s[-1]:.0f}" for n, s in self.speeds.items())
                  + f"  {self.unit}  (load {self.loads[-1]:.1f})", flush=True)

    def measure_one(self, name):
        server, upload = self.contestants[name]
        bodies = self.make_bodies()
        total = sum(body.size for body in bodies)
        os.sync()
        warm_memory(self.folder, total)
        before = server.cpu_seconds()
        seconds, _ = many(server.port, upload, bodies, self.at_once)
        server.settle()
        self.cpu[name].append((server.cpu_seconds() - before) / (total / 2**30))
        self.speeds[name].append((total / 1e6 if self.unit == "MB/s" else len(bodies)) / seconds)
        server.clear()

    def report(self):
        speeds = {name: statistics.median(values) for name, values in self.speeds.items()}
        cpu = {name: statistics.median(values) for name, values in self.cpu.items()}
        print(f"\n{self.name:16} {self.unit:>8} {'CPU s/GiB':>10}")
        for name in speeds:
            print(f"{name:16} {speeds[name]:8.0f} {cpu[name]:10.2f}")
        fastest = max(speed for name, speed in speeds.items() if name != "sink")
        print(f"the load generator alone: {speeds['sink'] / fastest:.1f} times the fastest server")
        for own in self.own_names():
            print(f"{own} × floor: {speeds[own] / speeds['floor']:.2f}")
            for peer, goal in SPEED_GOALS[self.name].items():
                print(f"{own} × {peer}: {judged(speeds[own] / speeds[peer], goal, at_least=True)}")
            for peer, goal in CPU_GOALS.items() if self.name == "stream" else ():
                print(f"{own} CPU × {peer}: {judged(cpu[own] / cpu[peer], goal)}")
        print(flush=True)
        return {"unit": self.unit, "speed": speeds, "cpuSecondsPerGiB": cpu, "loads": self.loads}

    def own_names(self):
        return [name for name, (server, _) in self.contestants.items() if isinstance(server, Keepsake)]


def warm_memory(folder, size):
    """Fills as much of the page cache as is about to be filled, and frees it.

    A virtual machine gives free memory back to its host, and to get it again costs more than all the rest of a PUT.
    """
    path = os.path.join(folder, "warming")
    with open(path, "wb") as file:
        for _ in range(0, size + (256 << 20), 1 << 20):
            file.write(bytes(1 << 20))
    os.remove(path)


def judged(value, goal, at_least=False):
    met = value >= goal if at_least else value <= goal
    return f"{value:.2f} (goal {'≥' if at_least else '≤'} {goal}: {'met' if met else 'MISSED'})"


def make_rows(folder, source, arguments):
    """The rows that are wanted, and the servers for them."""
    size = source.size
    kinds = {
        "sink": Sink, "floor": Floor, "nginx": Nginx, "copyparty": Copyparty, "registry": Registry,
        "keepsake": Keepsake}
    servers = {name: kind(folder) for name, kind in kinds.items()}
    sink, floor, nginx, copyparty, registry, keepsake = servers.values()
    files = {"sink": (sink, sink.put), "floor": (floor, floor.put), "registry": (registry, registry.put)}
    plain = {"nginx": (nginx, nginx.put), "copyparty": (copyparty, copyparty.put)}
    posts = {"keepsake post": (keepsake, keepsake.post)}

    def in_chunks(upload):
        return lambda connection, body: upload(connection, body, CHUNK)

    rows = [
        Row("stream", folder, files | plain | posts | {"keepsake tus": (keepsake, keepsake.tus)},
            lambda: [source.body(size)], 1, "MB/s"),
        Row("chunks", folder, {
            "sink": (sink, in_chunks(sink.put)), "floor": (floor, in_chunks(floor.put)),
            "registry": (registry, in_chunks(registry.chunks)),
            "keepsake tus": (keepsake, in_chunks(keepsake.tus))}, lambda: [source.body(size)], 1, "MB/s"),
        Row("small", folder, files | {"copyparty up2k": (copyparty, copyparty.up2k)} | posts,
            lambda: [Text(SMALL) for _ in range(arguments.files)], 16, "files/s"),
        Row("parallel", folder, files | posts, lambda: [source.body(size // 4) for _ in range(8)], 8, "MB/s"),
    ]
    return [row for row in rows if row.name in arguments.rows], servers.values()


class Peak:
    """The most memory of a server above what it has now, in MiB."""

    def __init__(self, server):
        time.sleep(1)
        self.pids = server.pids()
        for pid in self.pids:
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")
        self.idle = sum(memory(pid, "VmRSS") for pid in self.pids)

    def read(self):
        return sum(memory(pid, "VmHWM") for pid in self.pids) - self.idle


def with_new(kind, folder, act):
    """Lets a server act that has done nothing before."""
    place = tempfile.mkdtemp(dir=folder)
    server = kind(place)
    try:
        return act(server)
    finally:
        server.stop()
        shutil.rmtree(place)


def memory_of_one(body, upload):
    """MiB above idle with one upload."""
    def act(server):
        peak = Peak(server)
        many(server.port, lambda connection, item: upload(server, connection, item), [body], 1)
        return peak.read()
    return act


def memory_of_slow(head, count):
    """KiB above idle for each of many uploads at once."""
    def act(server):
        heads = [head(server, SLOW_SIZE) for _ in range(count)]
        peak = Peak(server)
        connections = [begin_slow(server.port, head) for head in heads]
        try:
            trickle(connections, seconds=10)
            return peak.read() * 1024 / count
        finally:
            for connection in connections:
                connection.close()
    return act


def begin_slow(port, head):
    connection = socket.create_connection(("127.0.0.1", port))
    # Chance alone would have some begin like programs, which are refused.
    connection.sendall(head + b"slow" + os.urandom(SLOW_SENT - 4))
    return connection


def trickle(connections, seconds):
    for _ in range(seconds):
        time.sleep(1)
        for connection in connections:
            connection.sendall(b"0" * 64)
    poll = select.poll()
    for connection in connections:
        poll.register(connection, select.POLLIN)
    answered = poll.poll(0)
    expect(not answered, f"{len(answered)} of {len(connections)} slow uploads were answered or cut off")


def measure_memory(folder, source):
    one = {
        "nginx": (Nginx, Nginx.put), "copyparty": (Copyparty, Copyparty.put), "registry": (Registry, Registry.put),
        "keepsake post": (Keepsake, Keepsake.post), "keepsake tus": (Keepsake, Keepsake.tus)}
    slow = {
        "nginx": (Nginx, Nginx.put_head), "registry": (Registry, Registry.patch_head),
        "keepsake post": (Keepsake, Keepsake.post_head), "keepsake tus": (Keepsake, Keepsake.tus_head)}
    print(f"memory above idle (load {os.getloadavg()[0]:.1f})", flush=True)
    figures = {"one": {}, "slow": {}, "load": os.getloadavg()[0]}
    for name, (kind, upload) in one.items():
        figures["one"][name] = with_new(kind, folder, memory_of_one(source.body(source.size), upload))
        print_memory(name, "one", figures, "MiB with one upload")
    for name, (kind, head) in slow.items():
        figures["slow"][name] = with_new(kind, folder, memory_of_slow(head, 1000))
        print_memory(name, "slow", figures, "KiB for each of 1,000 slow uploads")
    return figures


def print_memory(name, part, figures, what):
    value = figures[part][name]
    shown = judged(value, MEMORY_GOALS[part]) if name.startswith("keepsake") else f"{value:.1f}"
    print(f"{name:16} {what}: {shown}", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=2000, help="in the row small")
    parser.add_argument("--rows", default=",".join([*SPEED_GOALS, "memory"]), help="default: %(default)s")
    parser.add_argument("--folder", default=ROOT, help="where the servers' files lie, on the disk to be measured")
    arguments = parser.parse_args()
    arguments.rows = arguments.rows.split(",")
    unknown = set(arguments.rows) - {*SPEED_GOALS, "memory"}
    if unknown:
        parser.error(f"no such rows: {', '.join(unknown)}")
    return arguments


def main():
    arguments = parse_arguments()
    size = arguments.size << 20
    if shutil.disk_usage(arguments.folder).free < 4 * size:
        sys.exit(f"{arguments.folder} has less than {4 * arguments.size} MiB left: choose a --size or --folder")
    # A socket and a file for each of 1,000 uploads; the servers inherit it.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    folder = tempfile.mkdtemp(prefix=".build-bench-", dir=os.path.abspath(arguments.folder))
    servers, figures = [], {}
    try:
        source = Source(os.path.join(folder, "source"), size)
        rows, servers = make_rows(folder, source, arguments)
        for row in rows:
            row.measure(arguments.runs)
            figures[row.name] = row.report()
        if "memory" in arguments.rows:
            figures["memory"] = measure_memory(folder, source)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder)
    print(json.dumps({"sizeMiB": arguments.size, "runs": arguments.runs} | figures))


if __name__ == "__main__":
    main()
