"""What the generators share: seeded weights, files in the published layouts, golden files and what they say of themselves."""

import hashlib
import importlib.metadata
import json
import math
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
HERE = Path(__file__).resolve().parent

torch.set_grad_enabled(False)
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def fill(module, seed):
    """Gives every parameter a value that makes its path matter, rounded to what half precision files hold."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() == 1 and name.endswith("weight"):
            value = 1 + 0.2 * noise
        elif parameter.dim() == 1 and "lambda" in name:
            value = 0.5 + 0.2 * noise
        elif parameter.dim() == 1:
            value = 0.1 * noise
        elif "token_embedding" in name or "position_embedding" in name or name.endswith(("_token", "_tokens")):
            value = 0.5 * noise
        else:
            value = noise / math.sqrt(parameter[0].numel())
        parameter.copy_(value.half().float())
    return module.eval()


def save_half(module, path):
    """The state dict in half precision; whole numbers and what is no weight stay out or as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {k: v.half() if v.is_floating_point() else v for k, v in module.state_dict().items() if "position_ids" not in k}
    save_file({k: v.contiguous() for k, v in state.items()}, path, metadata={"format": "pt"})


def save_transformer(module, folder):
    """config.json and model.safetensors as transformers' save_pretrained writes them, the weights in half precision."""
    module.config.architectures = [type(module).__name__]
    module.config.dtype = "float32"
    module.config.save_pretrained(folder)
    save_half(module, folder / "model.safetensors")


def copy_folder(source, target):
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        shutil.copyfile(file, target / file.name)


def write_json(value, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


def provenance(*libraries):
    """Versions of the libraries, and SHA-256 of the caller's text and of what it uses of this folder (its USES)."""
    caller = sys._getframe(1).f_globals
    files = sorted({Path(caller["__file__"]).name, "common.py", *(f"{name}.py" for name in caller["USES"])})
    return {
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "numpy", "pillow", *libraries)},
        "sha256": {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in files},
    }


def write_golden(folder, tensors, values, generator):
    """golden.safetensors and golden.json; the latter's key `generator` says what made the two."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().contiguous().clone() for k, v in tensors.items()}, folder / "golden.safetensors")
    write_json({**values, "generator": generator}, folder / "golden.json")


def pixels(image, size, resample=Image.Resampling.BILINEAR):
    """(1, 3, H, W) bytes of a picture of fixtures/images, resized by Pillow; size is (width, height)."""
    resized = Image.open(FIXTURES / "images" / image).convert("RGB").resize(size, resample)
    return torch.from_numpy(np.array(resized)).permute(2, 0, 1)[None]


def image_net(pixels):
    """Bytes to what ImageNet networks take: / 255, minus the mean, over the deviation."""
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    return (pixels.float() / 255 - mean) / deviation
