"""fixtures/baselines/marco: MARCO stage by stage, from the weights of a tiny DINOv2 with registers and a tiny MARCO.

Computed in float64. Written after the paper (arXiv 2604.18267) and what its authors' release computes: adapters beside the MLP of the last
blocks, upsampling, plain dot products, soft arg max under a Gaussian around the highest.
"""

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from transformers import Dinov2WithRegistersConfig, Dinov2WithRegistersModel

from common import FIXTURES, fill, image_net, pixels, provenance, save_transformer, write_golden
from dinov2 import table
from vit import difference, to_map

NAMES = ("baselines/marco",)
USES = ("vit", "dinov2")
WIDTH, BLOCKS, ADAPTED, SIZE, PATCH = 48, 4, (2, 3), 98, 14
POINTS = [(9.5, 12.0), (40.25, 33.5), (71.0, 20.0), (97.0, 97.0), (0.0, 60.75)]  # in pixels of the prepared image


class Adapter(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.adapter_layer_norm_before = nn.LayerNorm(width)
        self.down_proj = nn.Linear(width, width // 2)
        self.up_proj = nn.Linear(width // 2, width)

    def forward(self, x):
        return 0.1 * self.up_proj(F.relu(self.down_proj(self.adapter_layer_norm_before(x))))


class Upscale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.ConvTranspose2d(width, width, 2, 2)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False)
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        x = self.conv2(F.gelu(self.conv1(x)))
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Marco(nn.Module):
    def __init__(self, width, adapted, upscales):
        super().__init__()
        self.adapters = nn.ModuleDict({str(block): Adapter(width) for block in adapted})
        self.upscale = nn.ModuleList(Upscale(width) for _ in range(upscales))

    def published(self):
        """The keys of the authors' file."""
        names = {}
        for name, value in self.state_dict().items():
            if name.startswith("adapters."):
                _, block, rest = name.split(".", 2)
                name = f"dino.blocks.{block}.adapter.{rest}"
            names[name] = value.clone()
        return names

    def load(self, published):
        self.load_state_dict(
            {
                name.replace("dino.blocks.", "adapters.").replace(".adapter.", "."): value
                for name, value in published.items()
            }
        )
        return self


def weights(name, out):
    torch.manual_seed(0)
    config = Dinov2WithRegistersConfig(
        hidden_size=WIDTH,
        num_hidden_layers=BLOCKS,
        num_attention_heads=3,
        image_size=5 * PATCH,
        patch_size=PATCH,
        num_register_tokens=4,
    )
    save_transformer(fill(Dinov2WithRegistersModel(config), 41), out / "dinov2")
    torch.save({"model": fill(Marco(WIDTH, ADAPTED, 2), 42).published()}, out / "marco.pth")


def golden(name, fixture, out):
    published = torch.load(fixture / "marco.pth", weights_only=True)["model"]
    tensors = {
        "squashed.input": torch.cat([image_net(pixels(image, (SIZE, SIZE))) for image in ("a.png", "b.png")]),
        "padded.input": torch.cat([padded(image, SIZE) for image in ("a.png", "b.png")]),
    }
    values = {"size": SIZE, "points_xy": POINTS, "float32_vs_float64": {}}
    for case in ("squashed", "padded"):
        input = tensors[f"{case}.input"]
        made, exact = (stages(*opened(fixture, published, dtype), input) for dtype in (torch.float32, torch.float64))
        tensors.update({f"{case}.{key}": value.float() for key, value in exact.items()})
        values["float32_vs_float64"][case] = {key: difference(made[key], value) for key, value in exact.items()}
    width, height = Image.open(FIXTURES / "images" / "a.png").size
    values["points"] = {
        "source_a_xy": [[x * width / SIZE, y * height / SIZE] for x, y in POINTS],
        f"predicted_{SIZE}_xy": tensors["squashed.predicted_xy"].tolist(),
    }
    values["padded_points"] = padded_points(tensors)
    write_golden(out, tensors, values, provenance("transformers", "safetensors"))


def opened(fixture, published, dtype):
    model = Dinov2WithRegistersModel.from_pretrained(fixture / "dinov2", dtype=dtype).eval()
    return model, Marco(WIDTH, ADAPTED, 2).to(dtype).load(published)


def padded(image, size):
    """The longest side at the size, then zeros right and below what was normalised."""
    width, height = Image.open(FIXTURES / "images" / image).size
    scale = size / max(width, height)
    picture = image_net(pixels(image, (round(width * scale), round(height * scale))))
    return F.pad(picture, (0, size - picture.shape[3], 0, size - picture.shape[2]))


def frame(image):
    """Size, and that of the part of the padded picture which it fills."""
    size = Image.open(FIXTURES / "images" / image).size
    return size, [round(side * SIZE / max(size)) for side in size]


def padded_points(tensors):
    """Points read of cells that lie on a.png, and where they are in b.png by the cells that lie on that, in the images' own pixels."""
    (source_size, source), (target_size, target) = frame("a.png"), frame("b.png")
    cells = tensors["padded.descriptors"].shape[-1]
    step = (SIZE - 1) / (cells - 1)
    across, down = ((side - 1) * (cells - 1) // (SIZE - 1) for side in source)
    columns, rows = ((side - 1) * (cells - 1) // (SIZE - 1) + 1 for side in target)
    values = {"source_a_xy": [], "predicted_b_xy": []}
    for (x, y), logits in zip(POINTS, tensors["padded.logits"].double()):
        if x * cells / SIZE <= across and y * cells / SIZE <= down:
            values["source_a_xy"].append([x * source_size[0] / source[0], y * source_size[1] / source[1]])
            at = kernel_soft_arg_max(logits[:rows, :columns], 7, 10) * step
            values["predicted_b_xy"].append([float(at[i]) * target_size[i] / target[i] for i in range(2)])
    return values


def stages(model, marco, input):
    input = input.to(model.dtype)
    last = torch.stack([last_map(model, marco, image) for image in input])
    descriptors = last
    for upscale in marco.upscale:
        descriptors = upscale(descriptors)
    cells = descriptors.shape[-1]
    points = torch.tensor(POINTS, dtype=input.dtype) * cells / input.shape[-1]
    at = (2 * points / (cells - 1) - 1).view(1, 1, -1, 2)
    sampled = F.grid_sample(descriptors[:1], at, padding_mode="border", align_corners=True)[0, :, 0].T
    logits = torch.einsum("nd,dhw->nhw", sampled, descriptors[1])
    found = torch.stack([kernel_soft_arg_max(one, 7, 10) for one in logits])
    return {
        "last": last,
        "descriptors": descriptors,
        "sampled": sampled,
        "logits": logits,
        "predicted_grid_xy": found,
        "predicted_xy": found * (input.shape[-1] - 1) / (cells - 1),
    }


def last_map(model, marco, image):
    """(D, rows, columns) of a normalised image (3, H, W): patch tokens after the final norm."""
    grid = (image.shape[1] // PATCH, image.shape[2] // PATCH)
    position = table(model, "registers", grid, grid[0] == grid[1], True)
    embeddings = model.embeddings
    tokens = torch.cat([embeddings.cls_token[0], embeddings.patch_embeddings(image[None])[0]]) + position
    x = torch.cat([tokens[:1], embeddings.register_tokens[0], tokens[1:]])[None]
    for number, layer in enumerate(model.encoder.layer):
        attended = layer.attention(layer.norm1(x))
        x = x + layer.layer_scale1(attended[0] if isinstance(attended, tuple) else attended)
        beside = marco.adapters[str(number)](x) if str(number) in marco.adapters else 0
        x = x + beside + layer.layer_scale2(layer.mlp(layer.norm2(x)))
    leading = 1 + model.config.num_register_tokens
    return to_map(model.layernorm(x)[0, leading:], grid)


def kernel_soft_arg_max(logits, sigma, temperature):
    """(x, y) in cells."""
    rows, columns = (torch.arange(n, dtype=logits.dtype) for n in logits.shape)
    row, column = divmod(int(logits.argmax()), logits.shape[1])
    kernel = torch.exp(-((rows[:, None] - row) ** 2 + (columns[None] - column) ** 2) / (2 * sigma**2))
    share = torch.softmax((logits * kernel).flatten() / temperature, 0).view(logits.shape)
    return torch.stack([(share * columns[None]).sum(), (share * rows[:, None]).sum()])
