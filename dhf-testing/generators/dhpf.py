"""fixtures/baselines/dhpf: DHPF between a.png and b.png, with weights by formula.

Written after the paper (Min et al., ECCV 2020) and what its authors' code computes; that code, which made the committed
file, is not run here.
"""

import json

import numpy as np
import torch
from torch.nn import functional as F

import formula
from common import image_net, pixels, provenance, write_golden
from resnet101 import network, shapes, taps
from sampled import figures, keep, norm, percent, weights_check

NAMES = ("baselines/dhpf",)
# a margin is one less a quotient near one; where it is below 2e-5 rounding decides the arg max
LIMITS = {"margin": 2e-3, "torch101.margin": 2e-3, **{f"{case}argmax": 1e-3 for case in ("", "torch101.", "all_on.", "all_off.")}}
USES = ("formula", "resnet101", "sampled")
SIDE, CELLS = 240, 60
KEPT = ("weights_note", "rows", "sizes_wh", "batch_path", "float64")  # inputs, and measurements of the authors' code


def golden(name, fixture, out):
    committed = json.loads((fixture / "golden.json").read_text(encoding="utf-8"))
    backbone = formula.weights(shapes(), lambda key: 0.3 if key.endswith("bn3.weight") else 1.0)
    head = formula.weights(json.loads((fixture / "keys.json").read_text(encoding="utf-8")))
    w = {key: torch.from_numpy(np.array(value)) for key, value in head.items()}
    model = network(backbone)
    full, maps = {}, {}
    for side, image in (("src", "a.png"), ("trg", "b.png")):
        picture = pixels(image, (SIDE, SIDE))
        full[f"input.{side}.u8"] = picture[0].permute(1, 2, 0)
        full[f"input.{side}"] = image_net(picture)
        maps[side] = list(taps(model, full[f"input.{side}"]).values())
        full.update({f"tap.{i}.{side}": map for i, map in enumerate(maps[side])})
    logits = torch.stack([gate(w, i, maps["src"][i], maps["trg"][i]) for i in range(34)])
    gates = (logits[:, 1] > logits[:, 0]).int().tolist()
    full["gate.logits"] = logits
    for i in range(34):
        if gates[i]:
            for side in maps:
                full[f"cft.{i}.{side}"] = feature(w, i, maps[side][i])

    rows = committed["rows"]
    values = {key: committed[key] for key in KEPT}
    values["gates"] = gates
    values["gate_margin_min"] = float((logits[:, 1] - logits[:, 0]).abs().min())
    correlation, full["norm.src"], full["norm.trg"] = correlate(w, maps, gates)
    full["correlation"] = correlation[None]
    cell = 2 * SIDE / 8192**0.5
    quotients = torch.arange(4, 2 * SIDE, 4, dtype=torch.float64) / cell
    values["hough"] = {
        "nbins_x": 91,
        "nbins_y": 91,
        "cell": cell,
        "closest_quotient_to_integer": float((quotients - quotients.round()).abs().min()),
    }
    found = regularise(correlation, cell, 91)
    full["final"] = found.pop("final")[None]
    full["geometric"] = found.pop("geometric")
    full["mutual"] = found["mutual"]
    full["hough.bin_ids"] = found["bins"]
    full.update({f"hough.{key}": found[key] for key in ("votes", "smoothed", "filter")})
    full["argmax"], full["margin"] = found["argmax"], found["margin"]
    points = committed["points"]["source_a_xy"]
    values["points"] = transfer(points, values["sizes_wh"], full["argmax"], full["margin"])

    old = regularise(correlation, 28**0.5, 97)
    full.update({f"torch101.{key}": old[key] for key in ("argmax", "margin")})
    full["torch101.hough.smoothed"] = old["smoothed"]
    values["torch101.points"] = transfer(points, values["sizes_wh"], old["argmax"], old["margin"])
    for case, on in (("all_off", 0), ("all_on", 1)):
        gates_of_case = [on] * 34
        correlation, _, _ = correlate(w, maps, gates_of_case)
        full[f"{case}.correlation"] = correlation[None]
        found = regularise(correlation, cell, 91)
        full[f"{case}.argmax"] = found["argmax"]
        values[case] = {"gates": gates_of_case}
        values[f"{case}.points"] = transfer(points, values["sizes_wh"], found["argmax"], found["margin"])
    values["pck"] = score(committed["pck"], values)
    values["stats"] = {key: figures(full[key]) for key in committed["stats"]}
    check = committed["weights_check"]
    values["weights_check"] = {
        "backbone": weights_check(backbone, check["backbone"]),
        "head": weights_check(head, check["head"]),
    }

    def kept_rows(key, tensor):
        flat = tensor.reshape(3600, 3600)
        return flat[rows[2:5] if key.startswith("all_") else rows[:3] if key == "geometric" else rows]

    tensors = keep(fixture / "golden.safetensors", full, kept_rows)
    write_golden(out, tensors, values, provenance("torchvision", "safetensors"))


def normalised(x, w, prefix):
    keys = ("running_mean", "running_var", "weight", "bias")
    return F.batch_norm(x, *(w[f"{prefix}.{key}"] for key in keys), eps=1e-5)


def gate(w, i, source, target):
    g = F.adaptive_avg_pool2d(source, 1) + F.adaptive_avg_pool2d(target, 1)
    g = F.relu(normalised(F.conv2d(g, w[f"gumbel_ffns.{i}.0.weight"]), w, f"gumbel_ffns.{i}.1"))
    return F.conv2d(g, w[f"gumbel_ffns.{i}.3.weight"]).flatten()


def feature(w, i, map):
    return F.relu(normalised(F.conv2d(map, w[f"reduction_ffns.{i}.0.weight"]), w, f"reduction_ffns.{i}.1"))


def correlate(w, maps, gates):
    """Correlation (3600, 3600) and the norms of both sides; of no gate the first map alone."""
    on = [i for i, gate in enumerate(gates) if gate] or [0]
    products, squares = 0, {"src": 0, "trg": 0}
    for i in on:
        features = {}
        for side in maps:
            resized = F.interpolate(feature(w, i, maps[side][i]), (CELLS, CELLS), mode="bilinear", align_corners=True)
            features[side] = resized[0].flatten(1)
            squares[side] = squares[side] + features[side].square().sum(0)
        products = products + features["src"].T @ features["trg"]
    norms = {side: square.sqrt() for side, square in squares.items()}
    quotient = products / (torch.outer(norms["src"], norms["trg"]) + 0.001)
    return F.relu(quotient).square(), norms["src"], norms["trg"]


def centres():
    y, x = torch.meshgrid(torch.arange(CELLS), torch.arange(CELLS), indexing="ij")
    return torch.stack([4 * x.flatten(), 4 * y.flatten()], -1).float()


def regularise(correlation, cell, side):
    """Votes for an offset, smoothed, and what they leave of the correlation."""
    centre = centres()
    bins = torch.zeros((3600, 3600), dtype=torch.long)
    for axis, factor in ((0, 1), (1, side)):
        offset = SIDE - centre[:, axis][:, None] + centre[:, axis][None]
        bins += factor * torch.floor(offset.double() / cell).long()
    votes = torch.zeros(side * side).index_add_(0, bins.flatten(), correlation.flatten())
    square = (3.5 / 2.354) ** 2
    axis = torch.arange(-3, 4).float()
    kernel = torch.exp(-(axis[:, None] ** 2 + axis[None] ** 2) / (2 * square))
    kernel = kernel / kernel.sum()
    smoothed = F.conv2d(votes.view(1, 1, side, side), kernel[None, None], padding=3)[0, 0]
    geometric = smoothed.flatten()[bins]
    final = correlation * geometric
    highest = [final.amax(axis, keepdim=True) for axis in (1, 0)]
    highest = [torch.where(h == 0, torch.tensor(1e-30), h) for h in highest]
    mutual = final * ((final / highest[0]) * (final / highest[1]))
    top = mutual.topk(2, -1).values
    return {
        "bins": bins.int(),
        "votes": votes.view(side, side),
        "filter": kernel,
        "smoothed": smoothed,
        "geometric": geometric,
        "final": final,
        "mutual": mutual,
        "argmax": mutual.argmax(-1).int(),
        "margin": 1 - top[:, 1] / top[:, 0],
    }


def transfer(points, sizes, argmax, margin):
    """Key points of a.png to b.png by the cells whose boxes hold them."""
    centre = centres()
    points = torch.tensor(points)
    scaled = points * (SIDE / torch.tensor(sizes["a"]).float())
    neighbours, margins, predicted = [], [], []
    for point in scaled:
        near = ((point - centre).abs() <= 5).all(-1)
        neighbours.append(int(near.sum()))
        margins.append(float(margin[near].min()))
        predicted.append((point + centre[argmax[near].long()] - centre[near]).mean(0))
    predicted = torch.stack(predicted)
    return {
        "source_a_xy": points.tolist(),
        "source_240_xy": scaled.tolist(),
        "neighbours": neighbours,
        "min_margin_of_neighbours": margins,
        "predicted_240_xy": predicted.tolist(),
        "predicted_b_xy": (predicted * (torch.tensor(sizes["b"]).float() / SIDE)).tolist(),
    }


def score(pck, values):
    scale = SIDE / torch.tensor(values["sizes_wh"]["b"]).float()
    left, top, right, bottom = pck["box_b_ltrb"]
    sides = torch.tensor([right - left, bottom - top]) * scale
    target = torch.tensor(pck["target_b_xy"]) * scale
    distances = norm(torch.tensor(values["points"]["predicted_240_xy"]) - target)
    bases = {"bbox": float(sides.max()), "img": float(SIDE)}
    found = {"target_b_xy": pck["target_b_xy"], "box_b_ltrb": pck["box_b_ltrb"], "threshold_base": bases}
    for base, length in bases.items():
        found.update({f"{base}@{alpha}": value for alpha, value in percent(distances, length).items()})
    found["distances_240"] = distances.tolist()
    return found
