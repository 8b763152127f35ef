"""fixtures/baselines/dino: facets of a tiny DINO, from its committed weights.

Blocks are transformers'. Strides, position embeddings, log bins and saliency are written after DINO's authors and
dino-vit-features, since transformers has none of them or others.
"""

import torch
from PIL import Image
from torch.nn import functional as F
from transformers import ViTModel

from common import image_net, pixels, provenance, write_golden
from vit import class_attention, difference, nearest, positions, run, to_map

NAMES = ("baselines/dino",)
USES = ("vit",)
SIZES = [(64, 64), (96, 80)]
STRIDES = [8, 4]
FACET, SALIENCY, SALIENCY_HEADS = 9, 11, [0, 2, 4, 5]
LOAD_SIZES = [(640, 480), (480, 640), (500, 333), (333, 500), (224, 300), (101, 77)]


def golden(name, fixture, out):
    models = {
        dtype: ViTModel.from_pretrained(fixture, dtype=dtype, add_pooling_layer=False, attn_implementation="eager").eval()
        for dtype in (torch.float32, torch.float64)
    }
    tensors, values = {}, {"cases": {}}
    for width, height in SIZES:
        size = f"{width}x{height}"
        picture = pixels("a.png", (width, height), Image.Resampling.LANCZOS)
        tensors[f"{size}.pixels"] = picture[0]
        tensors[f"{size}.input"] = image_net(picture)[0]
        for stride in STRIDES:
            made, exact = (stages(model, tensors[f"{size}.input"], stride) for model in models.values())
            rows, columns = made["class_attention"].shape[1:]
            values["cases"][f"{size}.stride{stride}"] = {
                "image_width": width,
                "image_height": height,
                "stride": stride,
                "grid_height": rows,
                "grid_width": columns,
                "float32_vs_float64": {key: difference(made[key], exact[key]) for key in exact if "." not in key},
            }
            if stride != STRIDES[0]:
                del made["final"], made["key.binned"]
            tensors.update({f"{size}.stride{stride}.{key}": value for key, value in made.items()})
    values["transformers_vs_original"] = against_transformers(models[torch.float32], tensors)
    values["resize_rule"] = [
        {"width": w, "height": h, "load_size": 224, "out_width": ow, "out_height": oh}
        for w, h in LOAD_SIZES
        for ow, oh in [(224, int(224 * h / w)) if w <= h else (int(224 * w / h), 224)]
    ]
    pair = {"width": 720, "height": 240, "load_size": [224, 224], "out_width": 224, "out_height": 224}
    values["resize_rule"].append(pair)
    for key in ("key", "key.binned"):
        values[f"match.{key}"] = nearest(f"64x64.stride8.{key}", f"96x80.stride8.{key}", tensors)
    values["note"] = "CHW maps, float32; widths before heights in names"
    values["image"], values["resample"] = "images/a.png", "Pillow Lanczos"
    values["mean"], values["std"] = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    values["facet_block"], values["saliency_block"], values["saliency_heads"] = FACET, SALIENCY, SALIENCY_HEADS
    write_golden(out, tensors, values, provenance("transformers", "safetensors"))


def stages(model, input, stride):
    embeddings = model.embeddings
    projection = embeddings.patch_embeddings.projection
    patches = F.conv2d(input.to(projection.weight.dtype)[None], projection.weight, projection.bias, stride)[0]
    grid = tuple(patches.shape[1:])
    table = embeddings.position_embeddings[0]
    square = input.shape[1] == input.shape[2]
    found = {"position": table if len(table) - 1 == grid[0] * grid[1] and square else positions(table, grid, 0.1)}
    tokens = torch.cat([embeddings.cls_token[0], patches.flatten(1).T])
    found["embedded"] = tokens + found["position"]
    layers = model.encoder.layer
    after, facets = run(found["embedded"], layers, [layer.attention.attention for layer in layers])
    for facet, value in {**facets[FACET], "token": after[FACET]}.items():
        found[facet], found[f"{facet}.class"] = to_map(value[1:], grid), value[0]
    found["class_attention"] = class_attention(facets[SALIENCY], model.config.num_attention_heads, grid)
    mean = found["class_attention"][SALIENCY_HEADS].mean(0)
    found["saliency"] = (mean - mean.min()) / (mean.max() - mean.min())
    found["final"] = model.layernorm(after[-1])
    found["key.binned"] = log_bins(interleaved(found["key"], model.config.num_attention_heads))
    return found


def interleaved(x, heads):
    """Channel head * depth + d to d * heads + head."""
    return x.reshape(heads, -1, *x.shape[1:]).transpose(0, 1).reshape(x.shape)


def log_bins(x):
    """Nine neighbours and eight farther 3 x 3 means, row by row; places outside are the border's."""
    rows, columns = x.shape[1:]
    near = F.pad(x[None], (1, 1, 1, 1), mode="replicate")[0]
    mean = F.avg_pool2d(x[None], 3, 1, 1, count_include_pad=False)
    far = F.pad(mean, (3, 3, 3, 3), mode="replicate")[0]
    bins = [near[:, 1 + dy :, 1 + dx :][:, :rows, :columns] for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    bins += [far[:, 3 + dy :, 3 + dx :][:, :rows, :columns] for dy in (-3, 0, 3) for dx in (-3, 0, 3) if dy or dx]
    return torch.cat(bins)


def against_transformers(model, tensors):
    """transformers reads the positions elsewhere; its values are kept beside the authors'."""
    prefix, input = "96x80.stride8", tensors["96x80.input"][None]
    grid = tensors[f"{prefix}.key"].shape[1:]
    embedded = model.embeddings(input, interpolate_pos_encoding=True)[0]
    table = model.embeddings.interpolate_pos_encoding(embedded[None], *input.shape[2:])[0]
    layers = model.encoder.layer
    after, facets = run(embedded, layers, [layer.attention.attention for layer in layers])
    found = {
        "position": table,
        "key": to_map(facets[FACET]["key"][1:], grid),
        "token": to_map(after[FACET][1:], grid),
    }
    tensors.update({f"{prefix}.transformers.{key}": value for key, value in found.items()})
    return {key: difference(value, tensors[f"{prefix}.{key}"]) for key, value in found.items()}
