"""The library and diffusers, eager and compiled, take turns on the same weights, card and type, stage by stage:
measure.py UNET TABLE TYPES ROUNDS CALLS STAGES COMMAND...

TYPES and STAGES are lists with commas; CALLS of the UNet make one turn. COMMAND TYPE starts the library's side, which
answers a line "STAGE TIMES" with milliseconds each. Without diffusers that side is timed alone; COMPILED=0 leaves the
compiled side out. TABLE is written in Markdown.
"""
import os
import statistics
import subprocess
import sys
import time

import torch

folder, table, types, rounds, calls, stages = sys.argv[1:7]
types, rounds, calls, stages = types.split(","), int(rounds), int(calls), stages.split(",")
device = "cuda" if torch.cuda.is_available() else "cpu"
NAMES = {"unet-1": "UNet call, batch 1", "unet-2": "UNet call, batch 2", "inversion": "inversion, T = 50, S = 11",
         "aggregation": "aggregation, to the host", "points": "matching, 10 points", "cells": "matching, all cells, mutual"}


class Library:
    def __init__(self, dtype):
        self.process = subprocess.Popen(
            [*sys.argv[7:], dtype], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opened = self.answer()

    def answer(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the library's side ended")
            if line.startswith("ready") or line[0].isdigit():
                return line.strip()

    def turn(self, stage, times):
        self.process.stdin.write(f"{stage} {times}\n")
        self.process.stdin.flush()
        return float(self.answer().split(" ")[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


class Python:
    def __init__(self, dtype, compiled):
        from rival import Rival

        self.rival = Rival(folder, device, getattr(torch, dtype), compiled)

    def turn(self, stage, times):
        start = time.perf_counter()
        self.rival.run(stage, times)
        return 1e3 * (time.perf_counter() - start) / times


def opened(name, make):
    start = time.perf_counter()
    try:
        side = make()
    except Exception as error:
        print(f"no {name}: {repr(error)[:300]}", flush=True)
        return None
    print(f"turns {name} opened and warm after {time.perf_counter() - start:.1f} s", flush=True)
    return side


def shown(found):
    digits = 1 if statistics.median(found) >= 10 else 2
    return f"{statistics.median(found):.{digits}f} ({min(found):.{digits}f} to {max(found):.{digits}f})"


def measure(dtype):
    library = Library(dtype)
    print(f"turns library in {dtype}: {library.opened}", flush=True)
    sides = {"library": library, "diffusers": opened(f"diffusers in {dtype}", lambda: Python(dtype, False))}
    if os.environ.get("COMPILED") != "0":
        sides["compiled"] = opened(f"diffusers compiled in {dtype}", lambda: Python(dtype, True))
    for stage in stages:
        times = calls if stage.startswith("unet") else 1
        # another shape would be compiled anew, which takes longer than all the rest
        found = {name: [] for name, side in sides.items() if side and (name, stage) != ("compiled", "unet-2")}
        for name in list(found):
            try:
                sides[name].turn(stage, 1)
            except Exception as error:
                print(f"no {stage} by {name}: {repr(error)[:300]}", flush=True)
                del found[name]
        for _ in range(rounds):
            for name, turns in found.items():
                turns.append(sides[name].turn(stage, times))
        mine = statistics.median(found["library"])
        cells = [NAMES[stage], dtype, shown(found["library"])]
        for name in ("diffusers", "compiled"):
            other = found.get(name)
            cells += [shown(other), f"{mine / statistics.median(other):.2f}"] if other else ["", ""]
        row = "| " + " | ".join(cells) + " |"
        print("table", row, flush=True)
        with open(table, "a") as file:
            file.write(row + "\n")
    library.close()


with open(table, "w") as file:
    where = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    file.write(f"{where}, PyTorch {torch.__version__}; milliseconds, median and range of {rounds} rounds in turn\n\n"
               "| stage | type | here | diffusers, eager | here to it | diffusers, compiled | here to it |\n"
               "| --- | --- | --- | --- | --- | --- | --- |\n")
for each in types:
    measure(each)
