#!/usr/bin/env python3
"""Measures whether Keepsake is as quick with a million stored files as with a thousand.

    make bench
    python3 Benchmarks/million.py --blobs 1000000 --beside 1000 --runs 3 [--folder DIR]

  start      from the process's start to “listening on”, with the store in the page cache, and, where the caches can
             be dropped (root), without
  put        texts of 1 KiB by POST, inspected, one at a time and 16 at a time
  put held   the same with /bin/false for the inspector, which holds every file: what the daemon itself does
  get        the contents of random artefacts, one at a time and 16 at a time: for the first time, which of a million
             small files asks the disk about most, and of a thousand does not
  get again  the same ones, which by then are all in the page cache: what the daemon itself does

Both stores are seeded without the daemon (seeding.py), checked, and then measured in turn. The medians and the ratio
of the large store to the small one are printed; the last line is JSON.

A million takes about 3 minutes to seed and 10 in all on two cores, 7 GB of the disk, and 1.1 million inodes. Needs
Python's package cryptography. With --blobs 20000 --runs 1 --puts 20 it takes a minute.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time

from seeding import TEXT, seed, text
from sending import Connection, Text, expect, many
from servers import ROOT, Keepsake

START_GOAL, RATIO_GOAL = 2, 0.2


class Store:
    """A store with so many files, and what was measured on it."""

    def __init__(self, folder, count):
        self.count, self.figures = count, {}
        self.keepsake = Keepsake(tempfile.mkdtemp(dir=folder))
        self.keepsake.post(Connection(self.keepsake.port), Text(TEXT))
        self.keepsake.stop()
        began = time.perf_counter()
        self.addresses = seed(self.keepsake.storage, count)
        print(f"{count:,} files seeded in {time.perf_counter() - began:.0f} s", flush=True)

    def check(self):
        """Reads some seeded files through the daemon, so that what is measured is what it says it is."""
        self.keepsake.start()
        try:
            connection = Connection(self.keepsake.port)
            for index in random.sample(range(self.count), min(100, self.count)):
                expect(self.keepsake.get(connection, self.addresses[index]) == text(index), self.addresses[index])
        finally:
            self.keepsake.stop()

    def verify(self):
        answer = json.loads(self.keepsake.command("verify", "--json", "--storage", self.keepsake.storage))
        expect(answer["verified"] > self.count and not answer["damaged"], answer)

    def start(self):
        self.note("start", self.keepsake.start())

    def start_holding(self):
        self.keepsake.start(INSPECTION_EXECUTABLE="/bin/false")

    def put(self, arguments):
        self.requests("put", self.keepsake.post, lambda: Text(TEXT), arguments.puts)

    def put_held(self, arguments):
        self.requests("put held", self.keepsake.post, lambda: Text(TEXT), arguments.puts)

    def get(self, arguments):
        wanted = [random.choice(self.addresses) for _ in range(4 * arguments.gets)]
        for name in ("get", "get again"):
            again = iter(wanted * 2)
            self.requests(name, self.keepsake.get, lambda: next(again), arguments.gets)

    def requests(self, name, act, make, count):
        """Notes requests in a second, the median of their milliseconds, and those of the CPU for each."""
        for at_once, number in ((1, count), (16, 4 * count)):
            items = [make() for _ in range(number)]
            before = self.keepsake.cpu_seconds()
            together, seconds = many(self.keepsake.port, act, items, at_once)
            self.keepsake.settle()
            spent = self.keepsake.cpu_seconds() - before
            self.note(
                f"{name}, {at_once} at a time", number / together, statistics.median(seconds) * 1000,
                spent / number * 1000)

    def measure_cold(self):
        drop_caches()
        self.note("start, cold", self.keepsake.start())
        self.keepsake.stop()

    def note(self, name, *values):
        self.figures.setdefault(name, []).append(values)

    def medians(self):
        return {
            name: [statistics.median(column) for column in zip(*values)] for name, values in self.figures.items()}


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")


def can_drop_caches():
    return os.access("/proc/sys/vm/drop_caches", os.W_OK)


def measure(stores, arguments):
    """Measures in turn; answers how busy the machine was before each run."""
    loads = []
    for run in range(arguments.runs):
        loads.append(os.getloadavg()[0])
        in_turn(stores, Store.start, (Store.put, Store.get), arguments)
        in_turn(stores, Store.start_holding, (Store.put_held,), arguments)
        for store in stores:
            print(f"run {run + 1}, {store.count:,}  "
                  + "  ".join(f"{name}: {values[-1][0]:.3g}" for name, values in store.figures.items())
                  + f"  (load {loads[-1]:.1f})", flush=True)
    for _ in range(arguments.runs if can_drop_caches() else 0):
        for store in stores:
            store.measure_cold()
    return loads


def in_turn(stores, start, acts, arguments):
    """Does each thing on one store after the other, while the daemons of all run."""
    running = []
    try:
        for store in stores:
            start(store)
            running.append(store)
        for act in acts:
            for store in stores:
                act(store, arguments)
    finally:
        for store in running:
            store.keepsake.stop()


def report(small, large):
    few, much = small.medians(), large.medians()
    print("\nin a second, milliseconds for each, and those of the CPU")
    print(f"{'':22} {small.count:>30,} {large.count:>30,} {'ratio':>6}")
    ratios = {}
    for name in few:
        if name.startswith("start"):
            print(f"{name:22} {few[name][0]:28.3f} s {much[name][0]:28.3f} s        "
                  + verdict(much[name][0] < START_GOAL, f"< {START_GOAL} s"))
            continue
        ratios[name] = much[name][0] / few[name][0]
        print(f"{name:22} {shown(few[name])} {shown(much[name])} {ratios[name]:6.2f} "
              + verdict(abs(ratios[name] - 1) <= RATIO_GOAL, f"1 ± {RATIO_GOAL}"))
    return {
        "blobs": [small.count, large.count], "perSecondAndMillisecondsAndOfCPU": {"small": few, "large": much},
        "ratioOfLargeToSmall": ratios}


def shown(values):
    return f"{values[0]:6.0f}/s {values[1]:7.2f} ms {values[2]:6.2f} ms"


def verdict(met, goal):
    return f"(goal {goal}: {'met' if met else 'MISSED'})"


def expect_room(folder, count):
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < count * 7000 or 0 < status.f_files and status.f_favail < count + 200_000:
        sys.exit(f"{folder} has no room for {count:,} files: choose a --folder, or fewer --blobs")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blobs", type=int, default=1_000_000, help="files in the large store")
    parser.add_argument("--beside", type=int, default=1000, help="files in the small store")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--puts", type=int, default=100, help="one at a time; four times as many 16 at a time")
    parser.add_argument("--gets", type=int, default=2000, help="likewise")
    parser.add_argument("--folder", default=ROOT, help="where the stores lie, on the disk to be measured")
    arguments = parser.parse_args()
    expect_room(arguments.folder, arguments.blobs)
    folder = tempfile.mkdtemp(prefix=".build-bench-", dir=os.path.abspath(arguments.folder))
    try:
        small, large = stores = [Store(folder, count) for count in (arguments.beside, arguments.blobs)]
        for store in stores:
            store.check()
        small.verify()
        loads = measure(stores, arguments)
        figures = report(small, large) | {"loads": loads}
    finally:
        shutil.rmtree(folder)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
