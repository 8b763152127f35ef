"""fixtures/baselines/catspp: CATs++ between a.png and b.png, with weights by formula.

Written after the paper (Cho et al., TPAMI 2022) and what its authors' code computes; that code, which made the committed
file, is not run here. Four-dimensional tensors are (channels, yt, xt, ys, xs), t the target (a.png), s the source.
"""

import json

import numpy as np
import torch
from torch.nn import functional as F

import formula
from common import image_net, pixels, provenance, write_golden
from resnet101 import network, shapes, taps
from sampled import figures, keep, norm, percent, weights_check

NAMES = ("baselines/catspp",)
USES = ("formula", "resnet101", "sampled")
# a softmax multiplies the rounding of what goes into it, the last one by 1 / 0.02
LIMITS = {"softmax.rows": 2e-3, **{f"level{n}.{side}_pass.attn.val": 5e-4 for n in (2, 3, 4) for side in ("src", "trg")}}
SIDE, CELLS, TEMPERATURE = 512, 32, 0.02
LEVELS = {4: range(31, 34), 3: range(8, 31), 2: range(4, 8)}  # taps
KEPT = ("weights_note", "keys", "sizes_wh", "roles", "final_rows_trg_yx", "float64")  # inputs, and what the authors' code gave


def gain(key):
    if key.startswith("backbone."):
        return 0.3 if key.endswith("bn3.weight") else 1.0
    if ".conv4d.0.1." in key:
        return 0.06
    if ".layer.0.v.1." in key:
        return 0.02
    return 0.006 if ".mlp.mlp.2." in key else 1.0


def golden(name, fixture, out):
    committed = json.loads((fixture / "golden.json").read_text(encoding="utf-8"))
    state = formula.weights({**{f"backbone.{key}": shape for key, shape in shapes().items()}, **committed["keys"]}, gain)
    model = network({key[9:]: value for key, value in state.items() if key.startswith("backbone.")})
    w = {key[12:]: torch.from_numpy(value) for key, value in state.items() if key.startswith("hpn_learner.")}
    full, maps = {}, {}
    for side, image in (("trg", "a.png"), ("src", "b.png")):
        picture = pixels(image, (SIDE, SIDE))
        full[f"input.{side}.u8"] = picture[0].permute(1, 2, 0)
        full[f"input.{side}"] = image_net(picture)
        maps[side] = list(taps(model, full[f"input.{side}"]).values())
        full.update({f"tap.{i}.{side}": maps[side][i] for i in range(4, 34)})

    x = None
    for i, (level, layers) in enumerate(LEVELS.items()):
        affinity = {}
        for side in maps:
            prefix = f"affinity_proj.{i}.0"
            affinity[side] = F.relu(F.conv2d(maps[side][layers[-1]], w[f"{prefix}.weight"], w[f"{prefix}.bias"], 2, 1))
            full[f"level{level}.affinity.{side}"] = affinity[side]
        correlation = torch.stack([correlate(maps["trg"][k], maps["src"][k]) for k in layers])
        full[f"level{level}.correlation"] = correlation[None]
        prefix = f"early_conv.{i}.conv4d.0"
        early = F.relu(group_norm(convolve(correlation, w, f"{prefix}.0", 2, 2), w, f"{prefix}.1"))
        full[f"level{level}.conv4d"] = early[None]
        if x is not None:
            larger = upscale(x, early.shape[-1])
            full[f"level{level}.upscaled"] = larger[None]
            early = early + larger
            full[f"level{level}.in"] = early[None]
        forth, seen = transform(early, affinity["src"], w, f"transformers.{i}.layer.0.", 2**i)
        full.update({f"level{level}.src_pass.{key}": value[None] for key, value in seen.items()})
        back, seen = transform(swap(early), affinity["trg"], w, f"transformers.{i}.layer.0.", 2**i)
        full.update({f"level{level}.trg_pass.{key}": value[None] for key, value in seen.items()})
        back = swap(back)
        full[f"level{level}.transformer.src_pass"], full[f"level{level}.transformer.trg_pass"] = forth[None], back[None]
        x = early + forth + back
        full[f"level{level}.out"] = x[None]

    final = x.mean(0)
    probability = torch.softmax(final.reshape(CELLS**2, CELLS**2) / TEMPERATURE, -1)
    full["final"], full["softmax"] = final, probability
    places = probability.view(-1, CELLS, CELLS)
    grid = torch.stack([places.sum(1) @ w["x_normal"], places.sum(2) @ w["y_normal"]]).view(2, CELLS, CELLS)
    y, x = torch.meshgrid(torch.arange(CELLS), torch.arange(CELLS), indexing="ij")
    flow = (grid + 1) * (CELLS - 1) / 2 - torch.stack([x, y])
    full["grid"], full["flow"] = grid[None], flow[None]
    full["flow_512"] = F.interpolate(flow[None], (SIDE, SIDE), mode="bilinear") * (SIDE / CELLS)

    values = {key: committed[key] for key in KEPT}
    values["weights_check"] = weights_check(state, committed["weights_check"])
    values["stats"] = {key: figures(full[key]) for key in committed["stats"]}
    values["points"] = transfer(committed["points"]["source_a_xy"], committed["sizes_wh"], full["flow_512"][0])
    peaks, best = probability.max(-1)
    quantiles = np.quantile(peaks.double().numpy(), [0, 0.1, 0.5, 0.9, 1])
    values["softmax_peak_quantiles_0_10_50_90_100"] = quantiles.tolist()
    values["distinct_argmax"] = len(best.unique())
    values["pck"] = score(committed["pck"], values)

    def rows(key, tensor):
        flat = tensor.reshape(CELLS**2, CELLS**2)
        return torch.stack([flat[y * CELLS + x] for y, x in committed["final_rows_trg_yx"]])

    tensors = keep(fixture / "golden.safetensors", full, rows)
    write_golden(out, tensors, values, provenance("torchvision", "safetensors"))


def correlate(target, source):
    """Cosines of all positions, negative ones to 0: (yt, xt, ys, xs)."""
    t, s = (x[0].flatten(1) for x in (target, source))
    t, s = (x / (x.norm(dim=0, keepdim=True) + 1e-5) for x in (t, s))
    return F.relu(t.T @ s).view(*target.shape[2:], *source.shape[2:])


def over_first(x, operation):
    """A two-dimensional operation over the target axes, for every place of the source."""
    c, a, b, d, e = x.shape
    y = operation(x.permute(3, 4, 0, 1, 2).reshape(d * e, c, a, b))
    return y.view(d, e, *y.shape[1:]).permute(2, 3, 4, 0, 1)


def swap(x):
    return x.permute(0, 3, 4, 1, 2).contiguous()


def over_last(x, operation):
    return swap(over_first(swap(x), operation))


def convolve(x, w, prefix, first, last):
    """The separable convolution over both pairs of axes, each seeing the other pair pooled by that pair's stride."""

    def part(name, stride):
        weight, bias = w[f"{prefix}.{name}.weight"], w[f"{prefix}.{name}.bias"]
        return lambda y: F.conv2d(y, weight, bias, stride, weight.shape[-1] // 2)

    def pooled(axes, stride):
        return x if stride == 1 else axes(x, lambda y: F.max_pool2d(y, stride))

    query = over_first(pooled(over_last, last), part("query_conv", first))
    return query + over_last(pooled(over_first, first), part("supp_conv", last))


def group_norm(x, w, prefix):
    return F.group_norm(x[None], 1, w[f"{prefix}.weight"], w[f"{prefix}.bias"])[0]


def transform(x, affinity, w, prefix, stride):
    """T(x, affinity) and what happens inside of it; tokens are the places of the last two axes."""
    n, heads = x.shape[-1], 4
    seen = {}
    y = seen["norm1"] = group_norm(x, w, f"{prefix}norm1")
    qk = seen["qk_conv"] = group_norm(convolve(y, w, f"{prefix}qk.conv.0", stride, 1), w, f"{prefix}qk.conv.1")
    tokens = torch.cat([qk.reshape(-1, n * n), affinity[0].flatten(1)]).T
    qk = seen["qk_linear"] = F.linear(tokens, w[f"{prefix}qk.linear.weight"], w[f"{prefix}qk.linear.bias"])
    position = w[f"{prefix}pos_embed"][0]  # (tokens, 1, 128)
    q, k = (half.reshape(n * n, 128, heads).transpose(1, 2) + position for half in qk.chunk(2, -1))
    seen["q"], seen["k"] = q, k
    v = seen["v"] = group_norm(convolve(y, w, f"{prefix}v.0", 1, 1), w, f"{prefix}v.1")
    scores = torch.einsum("lhd,shd->lsh", q, k) / 128**0.5
    attention = seen["attn"] = torch.softmax(scores, 1)
    attended = torch.einsum("lsh,hps->hpl", attention, v.reshape(heads, -1, n * n)).reshape(x.shape)
    seen["attn_out"] = attended
    z = x + attended
    y = F.gelu(convolve(group_norm(z, w, f"{prefix}norm2"), w, f"{prefix}mlp.mlp.0", 1, 1))
    seen["mlp"] = convolve(y, w, f"{prefix}mlp.mlp.2", 1, 1)
    z = z + seen["mlp"]
    seen["delta"] = z - x
    return z, seen


def upscale(x, side):
    resize = lambda y: F.interpolate(y, (side, side), mode="bilinear", align_corners=True)
    return over_first(over_last(x, resize), resize)


def transfer(points, sizes, flow):
    points = torch.tensor(points)
    scaled = points * (SIDE / torch.tensor(sizes["a"]).float())
    places = scaled.long().clamp(0, SIDE - 1)
    predicted = places + torch.stack([flow[:, y, x] for x, y in places])
    return {
        "source_a_xy": points.tolist(),
        "source_512_xy": scaled.tolist(),
        "truncated": places.tolist(),
        "predicted_512_xy": predicted.tolist(),
        "predicted_b_xy": (predicted * (torch.tensor(sizes["b"]).double() / SIDE)).tolist(),
    }


def score(pck, values):
    scale = SIDE / torch.tensor(values["sizes_wh"]["b"]).float()
    left, top, right, bottom = pck["box_b_ltrb"]
    bases = {"bbox": float((torch.tensor([right - left, bottom - top]) * scale).max()), "img": float(SIDE)}
    distances = norm(torch.tensor(values["points"]["predicted_512_xy"]) - torch.tensor(pck["truth_b_xy"]) * scale)
    found = {"truth_b_xy": pck["truth_b_xy"], "box_b_ltrb": pck["box_b_ltrb"], "threshold_base": bases}
    for base, length in bases.items():
        found.update({f"{base}@{alpha}": value for alpha, value in percent(distances, length).items()})
    found["distances_512"] = distances.tolist()
    return found
