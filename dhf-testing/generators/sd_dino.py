"""fixtures/sd-dino: SD + DINO stage by stage, after A Tale of Two Features (arXiv 2305.15347), over committed weights.

What decoder blocks hand on, principal components of a pair, both halves joined, nearest cells.
"""

import torch
from diffusers import UNet2DConditionModel
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import Dinov2Model

from common import FIXTURES, image_net, pixels, provenance, write_golden
from dinov2 import stages
from vit import nearest

NAMES = ("sd-dino",)
USES = ("dinov2", "vit")
TIMESTEP = 100
BLOCKS = (2, 5, 8)
COMPONENTS = 6
IMAGES = ["a.png", "b.png"]


def golden(name, fixture, out):
    sd15 = FIXTURES / "sd15"
    run = load_file(sd15 / "golden.safetensors")
    unet = UNet2DConditionModel.from_pretrained(sd15 / "pipeline/unet", torch_dtype=torch.float32).eval()
    blocks = handed_on(unet, run["latents"], run["text.1"])
    tensors = {f"block{i + 1}": block for i, block in enumerate(blocks)}
    taken = [blocks[i - 1] for i in BLOCKS]
    source, target = joint(taken, exact)
    tensors["joint.source"], tensors["joint.target"] = source, target
    tensors["joint.cosines"] = cosines(source, target)

    dinov2 = Dinov2Model.from_pretrained(FIXTURES / "baselines/dinov2/plain", dtype=torch.float32).eval()
    rows, columns = source.shape[1:]
    patch = dinov2.config.patch_size
    for image, half, letter in zip(IMAGES, (source, target), "st"):
        picture = pixels(image, (columns * patch, rows * patch), Image.Resampling.LANCZOS)
        tokens = stages(dinov2, "plain", image_net(picture)[0], (rows, columns), True)["block11.token"]
        tensors[f"tokens.{letter}"] = tokens
        tensors[f"fused.{letter}"] = torch.cat([F.normalize(half, dim=0), F.normalize(tokens, dim=0)])
    tensors["fused.cosines"] = cosines(tensors["fused.s"], tensors["fused.t"])
    again = joint(taken, randomised)
    values = {
        "timestep": TIMESTEP,
        "prompt": "a photo of a cat",
        "latents": "sd15/golden.safetensors",
        "blocks": BLOCKS,
        "components": COMPONENTS,
        "images": IMAGES,
        "largest_difference_of_cosines_to_pca_lowrank": round(
            float((cosines(*again) - tensors["joint.cosines"]).abs().max()), 6
        ),
        "match": nearest("fused.s", "fused.t", tensors),
    }
    write_golden(out, tensors, values, provenance("diffusers", "transformers", "safetensors"))


def handed_on(unet, latents, condition):
    """What each of the decoder's blocks hands on: the residual block's, or the attention's after it."""
    modules = []
    for block in unet.up_blocks:
        modules += getattr(block, "attentions", None) or block.resnets
    seen = [None] * len(modules)
    for i, module in enumerate(modules):
        module.register_forward_hook(lambda m, args, result, i=i: seen.__setitem__(i, part(result)))
    unet(latents, torch.full((len(latents),), float(TIMESTEP)), encoder_hidden_states=condition.expand(len(latents), -1, -1))
    return seen


def part(result):
    return (result if torch.is_tensor(result) else result[0]).clone()


def joint(maps, components):
    """Both images' descriptors (D, H, W): coarse layers resized to the finer, the finest first."""
    halves = None
    for both in maps:
        channels, rows, columns = both.shape[1:]
        cells = both.permute(0, 2, 3, 1).reshape(-1, channels)
        kept = components(cells - cells.mean(0, keepdim=True)).reshape(2, rows, columns, -1).permute(0, 3, 1, 2)
        if halves is not None:
            coarse = F.interpolate(halves, size=(rows, columns), mode="bilinear", align_corners=False)
            kept = torch.cat([kept, coarse], 1)
        halves = kept
    return halves[0], halves[1]


def exact(centred):
    _, _, directions = torch.linalg.svd(centred.double(), full_matrices=False)
    return (centred.double() @ directions[:COMPONENTS].T).float()


def randomised(centred):
    """As the authors have it."""
    torch.manual_seed(0)
    return centred @ torch.pca_lowrank(centred, q=COMPONENTS)[2]


def cosines(a, b):
    a, b = (F.normalize(x.flatten(1).double(), dim=0) for x in (a, b))
    return (a.T @ b).float()
