"""fixtures/pck.json: PCK of the pairs that it lists, and the indices of its points. The pairs are inputs."""

import json

import numpy as np

from common import provenance, write_json

NAMES = ("pck.json",)
USES = ()


def golden(name, fixture, out):
    committed = json.loads(fixture.read_text(encoding="utf-8"))
    pairs, cases = committed["pairs"], committed["index_cases"]
    values = {"pairs": pairs, "thresholds": committed["thresholds"], "pck": {}}
    for alpha in values["thresholds"]:
        for base in ("img", "bbox"):
            correct = [hits(pair, alpha, base) for pair in pairs]
            values["pck"][f"{base}@{alpha}"] = {
                "per_point": float(np.concatenate(correct).mean()),
                "per_image": float(np.mean([part.mean() for part in correct])),
                "by_pair": [float(part.mean()) for part in correct],
            }
    width, height = cases["resolution_wh"]
    points = np.array(cases["points_yx"])
    y = np.round(np.clip(points[:, 0], 0, height - 1))  # halves to even
    x = np.round(np.clip(points[:, 1], 0, width - 1))
    values["index_cases"] = {**cases, "index": (width * y + x).astype(int).tolist()}
    write_json({**values, "generator": provenance()}, out)


def hits(pair, alpha, base):
    left, top, right, bottom = pair["target_bounding_box"]
    side = max(pair["target_size_wh"]) if base == "img" else max(right - left, bottom - top)
    offsets = np.array(pair["predicted_points_yx"]) - np.array(pair["target_points_yx"])
    return np.linalg.norm(offsets, axis=1) <= alpha * side
