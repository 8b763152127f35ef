"""Lets the library and its rivals call the same networks in turn, and prints their times and ratios.

compare.py FOLDER ROUNDS THREADS NETWORK... with the library's command in DHF_TURNS; see benchmarks/compare
"""
import os
import shlex
import statistics
import subprocess
import sys

FOLDER, ROUNDS, THREADS, NETWORKS = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
TURNS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "turns.py")


class Side:
    """A process that holds a network open and waits between its calls."""

    def __init__(self, name, network, dtype):
        self.name, self.dtype, self.times, self.worked = name, dtype, [], []
        if name == "library":
            command = shlex.split(os.environ["DHF_TURNS"])
            command += [network, os.path.join(FOLDER, network), dtype, THREADS]
        else:
            command = [sys.executable, TURNS, network, name, FOLDER, dtype, THREADS]
        environment = dict(os.environ, OMP_NUM_THREADS=THREADS)
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        self.load, self.peak = self.answer("ready ").split()[1:]

    def answer(self, start):
        for line in self.process.stdout:
            if line.startswith(start) or (not start and line[0].isdigit()):
                return line.strip()
        raise SystemExit(f"{self.name} in {self.dtype} ended without an answer")

    def processor(self):
        """Seconds that the process' threads have run, which others on the machine hardly change."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def turn(self):
        before = self.processor()
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.times.append(float(self.answer("")))
        self.worked.append(self.processor() - before)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def row(side, others):
    middle = statistics.median(side.times)
    worked = statistics.median(side.worked)
    ratios = []
    for other in others:
        pairs = [a / b for a, b in zip(side.times, other.times)]
        processors = statistics.median(a / b for a, b in zip(side.worked, other.worked))
        ratios.append(
            f"{statistics.median(pairs):.2f} ({min(pairs):.2f} to {max(pairs):.2f}), on the processor {processors:.2f},"
            f" of {other.name} {other.dtype}"
        )
    print(
        f"| {side.name}, {side.dtype} | {middle:.2f} s ({min(side.times):.2f} to {max(side.times):.2f})"
        f" | {worked:.2f} s | {side.load} s | {side.peak} MB | {'; '.join(ratios)} |",
        flush=True,
    )


def products(threads):
    """What the machine can do: matrix products in GFLOP/s, the best of three."""
    import time

    import torch

    torch.set_num_threads(int(threads))
    rates = []
    for dtype in (torch.float32, torch.bfloat16):
        a = torch.randn(2048, 2048).to(dtype)
        best = 0.0
        for _ in range(4):
            start = time.perf_counter()
            for _ in range(5):
                a @ a
            best = max(best, 5 * 17.18 / (time.perf_counter() - start))
        rates.append(f"{str(dtype)[6:]} {best:.0f} GFLOP/s")
    print("matrix products 2048 x 2048: " + ", ".join(rates), flush=True)


def compare(network, sides):
    """The first side's calls, and the second's where that is the library's too, against the rivals'."""
    for _ in range(ROUNDS):
        for side in sides:
            side.turn()
    mine = [side for side in sides if side.name == "library"]
    for side in sides:
        row(side, [x for x in sides if x not in mine] + [x for x in mine if x is not side] if side is mine[-1] else [])
    for side in sides:
        side.close()


for network in NETWORKS:
    rivals = ("torch",) if network == "marco" else ("torch", "openvino")
    if "openvino" in rivals and not os.path.exists(os.path.join(FOLDER, network, "openvino.xml")):
        subprocess.run([sys.executable, TURNS, "convert", network, FOLDER], check=True, stderr=subprocess.DEVNULL)
    products(THREADS)
    print(f"\n{network}, {THREADS} thread(s), {ROUNDS} rounds\n")
    print("| side | a call | of it on the processor | to the first call | peak | its times over others', round by round |")
    print("| --- | --- | --- | --- | --- | --- |")
    compare(network, [Side("library", network, "float32")] + [Side(name, network, "float32") for name in rivals])
    library = [Side("library", network, dtype) for dtype in ("float32", "bfloat16")]
    compare(network, library + [Side(name, network, "bfloat16") for name in rivals])
