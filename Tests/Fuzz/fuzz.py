#!/usr/bin/env python3
"""Sends changed samples through ProbeFuzz, which is started again behind each crash.

    python3 Tests/Fuzz/fuzz.py --mutations 100000 --seed 1 [--build .build/release]

What crashed or was slow is printed as the arguments that make it again: `ProbeFuzz mutate SEED NUMBER SAMPLE…`.
"""
import argparse
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOO_LONG = 60


def samples():
    found = glob.glob(os.path.join(ROOT, "Tests/Samples/*")) + glob.glob(os.path.join(ROOT, "Tests/Samples/formats/*"))
    return sorted(path for path in found if os.path.isfile(path) and not path.endswith((".py", ".sh", "bomb.zip")))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mutations", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--build", default=os.path.join(ROOT, ".build/release"))
    options = options.parse_args()
    program = [os.path.join(options.build, "ProbeFuzz"), "fuzz", str(options.seed)]
    crashes = hangs = 0
    following, began = 0, time.monotonic()
    with tempfile.NamedTemporaryFile() as place:
        while following < options.mutations:
            process = subprocess.Popen([*program, str(following), str(options.mutations), place.name, *samples()])
            last, since = -1, time.monotonic()
            while process.poll() is None:
                time.sleep(0.2)
                with open(place.name, "rb") as file:
                    now = int(file.read() or b"-1")
                if now != last:
                    last, since = now, time.monotonic()
                elif time.monotonic() - since > TOO_LONG:
                    hangs += 1
                    process.kill()
            if process.returncode == 0:
                break
            with open(place.name, "rb") as file:
                last = int(file.read() or b"-1")
            crashes += process.returncode != -9
            print(f"ended with {process.returncode}: ProbeFuzz mutate {options.seed} {last}", flush=True)
            following = last + 1
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{options.mutations} mutations of {len(samples())} samples in {time.monotonic() - began:.0f} s: "
          f"{crashes} crashes, {hangs} hangs, at most {memory} MiB")
    return 1 if crashes or hangs else 0


if __name__ == "__main__":
    sys.exit(main())
