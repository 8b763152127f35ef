"""fixtures/baselines/dinov3: two tiny DINOv3 vision transformers in transformers' layout and what transformers computes.

`plain` has the plain MLP of the small, base and large networks; `gated` the gated MLP of the small plus, huge plus and
7B networks, and of the last also that queries and values have no bias.
"""

import torch
from transformers import DINOv3ViTConfig, DINOv3ViTModel
from transformers.models.dinov3_vit.modeling_dinov3_vit import apply_rotary_pos_emb

from common import fill, image_net, pixels, provenance, save_transformer, write_golden

NAMES = ("baselines/dinov3",)
USES = ()
SEED = 41
IMAGE = "a.png"
SIZES = [(64, 64), (112, 80)]  # width x height
FORMS = {
    "plain": dict(hidden_size=48, num_attention_heads=4, intermediate_size=192, num_hidden_layers=4),
    "gated": dict(
        hidden_size=48,
        num_attention_heads=3,
        intermediate_size=96,
        num_hidden_layers=2,
        use_gated_mlp=True,
        hidden_act="silu",
        query_bias=False,
        value_bias=False,
    ),
}
COMMON = dict(patch_size=16, image_size=64, num_register_tokens=4, layerscale_value=1.0)


def weights(name, out):
    for i, (form, config) in enumerate(FORMS.items()):
        model = fill(DINOv3ViTModel(DINOv3ViTConfig(**COMMON, **config)), SEED + i)
        save_transformer(model, out / form)


def golden(name, fixture, out):
    tensors = {}
    values = {"name": name, "seed": SEED, "image": IMAGE, "sizes": [f"{w}x{h}" for w, h in SIZES]}
    for width, height in SIZES:
        size = f"{width}x{height}"
        picture = pixels(IMAGE, (width, height))
        tensors[f"{size}.pixels"] = picture[0]
        tensors[f"{size}.input"] = image_net(picture)[0]
    for form in FORMS:
        model = DINOv3ViTModel.from_pretrained(fixture / form, dtype=torch.float32, attn_implementation="eager").eval()
        config = model.config
        prefix_tokens = 1 + config.num_register_tokens
        for width, height in SIZES:
            rows, columns = height // config.patch_size, width // config.patch_size
            case = f"{form}.{width}x{height}"
            seen = record(model)
            last = model(tensors[f"{width}x{height}.input"][None]).last_hidden_state[0]

            def store(key, tokens):
                """Tokens (1 + registers + patches, D) as three tensors: the class token, the registers, the map."""
                tensors[f"{key}.class"] = tokens[0]
                tensors[f"{key}.registers"] = tokens[1:prefix_tokens]
                return tokens[prefix_tokens:].T.reshape(-1, rows, columns)

            cos, sin = seen["rope"]
            tensors[f"{case}.rope.cos"], tensors[f"{case}.rope.sin"] = cos, sin
            tensors[f"{case}.embedded"] = seen["embeddings"][0]
            heads, depth = config.num_attention_heads, config.hidden_size // config.num_attention_heads
            for b in range(config.num_hidden_layers):
                block = f"{case}.block{b}"
                tensors[f"{block}.token"] = store(f"{block}.token", seen["layer", b][0])
                for facet, projection in (("query", "q_proj"), ("key", "k_proj"), ("value", "v_proj")):
                    tensors[f"{block}.{facet}"] = store(f"{block}.{facet}", seen[projection, b][0])
                split = [seen[p, b].view(1, -1, heads, depth).transpose(1, 2) for p in ("q_proj", "k_proj")]
                for facet, rotated in zip(("query", "key"), apply_rotary_pos_emb(*split, cos, sin)):
                    merged = rotated.transpose(1, 2).reshape(-1, config.hidden_size)
                    tensors[f"{block}.{facet}.rotated"] = merged[prefix_tokens:].T.reshape(-1, rows, columns)
                    assert torch.equal(merged[0], tensors[f"{block}.{facet}.class"])
                    assert torch.equal(merged[1:prefix_tokens], tensors[f"{block}.{facet}.registers"])
            tensors[f"{case}.final.token"] = store(f"{case}.final", last)
            attention = seen["attention", config.num_hidden_layers - 1][0]
            tensors[f"{case}.class_attention"] = attention[:, 0, prefix_tokens:].reshape(heads, rows, columns)
            tensors[f"{case}.class_attention.prefix"] = attention[:, 0, :prefix_tokens]
            for handle in seen["handles"]:
                handle.remove()
    write_golden(out, tensors, values, provenance("transformers", "safetensors"))


def record(model):
    """What the parts of the next call give, by name and block."""
    seen = {"handles": []}

    def keep(module, key, part=lambda result: result):
        seen["handles"].append(module.register_forward_hook(lambda m, args, result: seen.__setitem__(key, part(result))))

    keep(model.embeddings, "embeddings")
    keep(model.rope_embeddings, "rope")
    for b, layer in enumerate(model.layer):
        keep(layer, ("layer", b))
        keep(layer.attention, ("attention", b), lambda result: result[1])
        for projection in ("q_proj", "k_proj", "v_proj"):
            keep(getattr(layer.attention, projection), (projection, b))
    return seen
