"""fixtures/baselines/dinov2: tokens and facets of three tiny DINOv2 forms, from their committed weights.

Blocks and, with registers, positions are transformers'. Without registers positions are those of DINOv2's authors,
which transformers computes otherwise.
"""

import torch
from PIL import Image
from transformers import Dinov2Model, Dinov2WithRegistersModel

from common import image_net, pixels, provenance, write_golden
from vit import difference, nearest, positions, run, to_map

NAMES = ("baselines/dinov2",)
USES = ("vit",)
SIZES = [(70, 70), (98, 84)]
FORMS = {"plain": (9, 11), "registers": (9, 11), "swiglu": (1, 1)}  # blocks of the facets and of the token


def golden(name, fixture, out):
    tensors = {}
    values = {"image": "images/a.png", "resample": "Pillow Lanczos"}
    values["mean"], values["std"] = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    values["cases"] = {}
    for width, height in SIZES:
        picture = pixels("a.png", (width, height), Image.Resampling.LANCZOS)
        tensors[f"{width}x{height}.pixels"] = picture[0]
        tensors[f"{width}x{height}.input"] = image_net(picture)[0]
    for form in FORMS:
        kind = Dinov2WithRegistersModel if form == "registers" else Dinov2Model
        model, double = (kind.from_pretrained(fixture / form, dtype=t).eval() for t in (torch.float32, torch.float64))
        for width, height in SIZES:
            size = f"{width}x{height}"
            input = tensors[f"{size}.input"]
            grid = (height // model.config.patch_size, width // model.config.patch_size)
            made, exact = (stages(m, form, input, grid, True) for m in (model, double))
            theirs = stages(model, form, input, grid, False)
            block = f"block{FORMS[form][1]}"
            kept = ["position", f"{block}.token", "final.token"]
            values["cases"][f"{form}.{size}"] = {
                "image_width": width,
                "image_height": height,
                "grid_height": grid[0],
                "grid_width": grid[1],
                "float32_vs_float64": {
                    key: difference(made[key], exact[key]) for key in exact if not key.endswith((".class", ".registers"))
                },
                "transformers_vs_original": {key: difference(theirs[key], made[key]) for key in kept},
            }
            tensors.update({f"{form}.{size}.{key}": value for key, value in made.items()})
            if form == "plain" and size == "98x84":
                tensors.update({f"{form}.{size}.transformers.{key}": theirs[key] for key in kept})
        if form != "swiglu":
            tensors[f"{form}.56x28.position"] = table(model, form, (2, 4), False, True)
    for form in ("plain", "registers"):
        names = [f"{form}.{w}x{h}.block11.token" for w, h in SIZES]
        values[f"match.{form}.block11.token"] = nearest(*names, tensors)
    write_golden(out, tensors, values, provenance("transformers", "safetensors"))


def table(model, form, grid, square, authors):
    """Position embeddings (1 + n, D) for a grid."""
    own = model.embeddings.position_embeddings[0]
    if square and len(own) - 1 == grid[0] * grid[1]:
        return own
    if authors and form != "registers":
        return positions(own, grid, 0.1)
    patch = model.config.patch_size
    tokens = own.new_zeros((1, 1 + grid[0] * grid[1], own.shape[1]))
    return model.embeddings.interpolate_pos_encoding(tokens, grid[0] * patch, grid[1] * patch)[0]


def stages(model, form, input, grid, authors):
    facet_block, token_block = FORMS[form]
    embeddings = model.embeddings
    found = {"position": table(model, form, grid, grid[0] == grid[1], authors)}
    patches = embeddings.patch_embeddings(input[None].to(found["position"].dtype))[0]
    tokens = torch.cat([embeddings.cls_token[0], patches]) + found["position"]
    leading = 1
    if form == "registers":
        tokens = torch.cat([tokens[:1], embeddings.register_tokens[0], tokens[1:]])
        leading += model.config.num_register_tokens
    found["embedded"] = tokens
    layers = model.encoder.layer
    after, facets = run(tokens, layers, [layer.attention.attention for layer in layers])

    def split(prefix, tokens):
        found[f"{prefix}.token"], found[f"{prefix}.class"] = to_map(tokens[leading:], grid), tokens[0]
        if leading > 1:
            found[f"{prefix}.registers"] = tokens[1:leading]

    split(f"block{token_block}", after[token_block])
    split("final", model.layernorm(after[-1]))
    for facet, value in facets[facet_block].items():
        found[f"block{facet_block}.{facet}"] = to_map(value[leading:], grid)
    found[f"block{facet_block}.token"] = to_map(after[facet_block][leading:], grid)
    return found
