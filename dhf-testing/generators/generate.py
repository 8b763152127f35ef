"""Runs the generators into a folder and compares what they made with fixtures/."""

import argparse
import importlib
import shutil
import sys
import time
from pathlib import Path

from common import FIXTURES
from compare import compare

GENERATORS = [
    "stable_diffusion",
    "sdxl",
    "distilled",
    "dino",
    "dinov2",
    "dinov3",
    "sd_dino",
    "cleandift",
    "marco",
    "geo_aware",
    "video",
    "resnet101",
    "dhpf",
    "catspp",
    "resize",
    "odd",
    "pck",
]


def main():
    modules = {name: module for module in map(importlib.import_module, GENERATORS) for name in module.NAMES}
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=FIXTURES.parent / "target/generated", metavar="OUT")
    parser.add_argument("--only", help="names of fixtures, with commas: " + ", ".join(modules))
    parser.add_argument(
        "--weights",
        action="store_true",
        help="make the weights anew too, where a generator can, and compute with these; else with the committed ones",
    )
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(modules)
    for name in names:
        if name not in modules:
            parser.error(f"no generator makes {name}; there are {', '.join(modules)}")
    verdicts = []
    for name in names:
        out, source = options.out / name, FIXTURES / name
        started = time.monotonic()
        if out.is_dir():
            shutil.rmtree(out)
        elif out.is_file():
            out.unlink()
        if options.weights and hasattr(modules[name], "weights"):
            modules[name].weights(name, out)
            source = out
        modules[name].golden(name, source, out)
        verdicts += compare(out, FIXTURES / name, getattr(modules[name], "LIMITS", {}))
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    width = max(len(verdict.name) for verdict in verdicts)
    for verdict in verdicts:
        print(verdict.line(width))
    bad = [verdict for verdict in verdicts if not verdict.good]
    print(f"{len(verdicts) - len(bad)} values and tensors agree, {len(bad)} do not")
    for verdict in bad:
        print(verdict.line(width))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
