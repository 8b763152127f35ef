"""Compares a folder of files that were made with the committed ones, each file by what it holds."""

import dataclasses
import json
import math

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

# Largest difference over the committed tensor's deviation. Half precision rounds at 5e-4 of the value.
TENSORS = {torch.float16: 5e-3, torch.float32: 1e-4, torch.float64: 1e-4}
NUMBERS = 1e-4


@dataclasses.dataclass
class Verdict:
    name: str
    difference: float | str
    limit: float
    good: bool

    def line(self, width):
        difference = self.difference if isinstance(self.difference, str) else f"{self.difference:.1e}"
        limit = f"at most {self.limit:.0e}" if self.limit else "exact"
        return f"{self.name:{width}}  {difference:>9}  {limit:13}  {'ok' if self.good else 'DIFFERS'}"


def wrong(name, why):
    return Verdict(name, why, 0, False)


def tensors(name, made, committed, limit=None):
    """Floats: largest difference over the deviation. Whole numbers: equal, or the share that differs within the limit."""
    if made.shape != committed.shape or made.dtype != committed.dtype:
        return wrong(name, f"{made.dtype} {tuple(made.shape)} for {committed.dtype} {tuple(committed.shape)}")
    if not committed.is_floating_point():
        different = int((made != committed).sum())
        good = different <= (limit or 0) * made.numel()
        return Verdict(name, f"{different} of {made.numel()}" if different else "equal", limit or 0, good)
    limit = limit or TENSORS[committed.dtype]
    made, committed = made.double(), committed.double()
    if committed.numel() == 0:
        return Verdict(name, 0.0, limit, True)
    deviation = float(committed.std(unbiased=False)) or 1.0
    difference = float((made - committed).abs().max()) / deviation
    return Verdict(name, difference, limit, difference <= limit)


def values(name, made, committed):
    """Numbers with a fraction within a limit, everything else exactly; one verdict for an object of plain values."""
    if all(isinstance(side, dict) and any(isinstance(v, (dict, list)) for v in side.values()) for side in (made, committed)):
        if set(made) != set(committed):
            return [wrong(f"{name}.{key}", "on one side only") for key in sorted(set(made) ^ set(committed))]
        return [verdict for key in committed for verdict in values(f"{name}.{key}", made[key], committed[key])]
    worst = distance(made, committed)
    limit = NUMBERS if fractions(committed) else 0
    return [Verdict(name, worst if limit else "equal" if not worst else "other", limit, worst <= limit)]


def fractions(value):
    if isinstance(value, (list, dict)):
        return any(map(fractions, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


def distance(made, committed):
    if isinstance(committed, list) and isinstance(made, list) and len(made) == len(committed):
        if len(committed) > 3 and all(isinstance(value, float) for value in made + committed):
            spread = max(1.0, float(np.std(committed)))
            return float(np.abs(np.subtract(made, committed)).max()) / spread
        return max((distance(m, c) for m, c in zip(made, committed)), default=0.0)
    if isinstance(committed, dict) and isinstance(made, dict) and set(made) == set(committed):
        return max((distance(made[key], committed[key]) for key in committed), default=0.0)
    if isinstance(committed, float) and isinstance(made, (int, float)):
        return abs(made - committed) / max(1.0, abs(committed))
    return 0.0 if made == committed and type(made) is type(committed) else math.inf


def flat(value, prefix=""):
    """A checkpoint as pairs of a name and a leaf."""
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in flat(part, f"{prefix}.{key}")]
    if isinstance(value, list) and any(isinstance(part, (dict, torch.Tensor)) for part in value):
        return [leaf for i, part in enumerate(value) for leaf in flat(part, f"{prefix}.{i}")]
    return [(prefix, value)]


def file(name, made, committed, limits):
    if committed.suffix == ".safetensors":
        m, c = load_file(made), load_file(committed)
    elif committed.suffix in (".pt", ".pth"):
        m, c = (dict(flat(torch.load(path, weights_only=True, map_location="cpu"))) for path in (made, committed))
    elif committed.suffix == ".json":
        m, c = (json.loads(path.read_text(encoding="utf-8")) for path in (made, committed))
        m.pop("generator", None), c.pop("generator", None)
        return values(name, m, c)
    elif committed.suffix == ".png":
        m, c = (torch.from_numpy(np.array(Image.open(path))) for path in (made, committed))
        return [tensors(name, m, c)]
    else:
        same = made.read_bytes() == committed.read_bytes()
        return [Verdict(name, "equal" if same else "other", 0, same)]
    if set(m) != set(c):
        return [wrong(f"{name} {key}", "on one side only") for key in sorted(set(m) ^ set(c))]
    return [
        tensors(f"{name} {key}", m[key], c[key], limits.get(key))
        if isinstance(c[key], torch.Tensor)
        else values(f"{name} {key}", m[key], c[key])[0]
        for key in c
    ]


def compare(made, committed, limits):
    """Verdicts over every file that was made; what is committed only is an input and says nothing.

    limits holds the tensors, by key, whose limit is another than that of their type.
    """
    files = [made] if made.is_file() else sorted(path for path in made.rglob("*") if path.is_file())
    verdicts = []
    for path in files:
        other = committed if made.is_file() else committed / path.relative_to(made)
        name = str(other.relative_to(committed.parents[1] if "baselines" in other.parts else committed.parent))
        verdicts += file(name, path, other, limits) if other.is_file() else [wrong(name, "not committed")]
    return verdicts
