"""Fills a folder that `form` wrote with random weights, float16: weights.py FOLDER"""
import json
import math
import os
import sys

import torch
from safetensors.torch import save_file

folder = sys.argv[1]
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)
for part in ("unet", "vae", "text_encoder"):
    with open(os.path.join(folder, part, "shapes.json")) as file:
        shapes = json.load(file)
    weights = {}
    for name, shape in shapes.items():
        weight = torch.randn(shape, device=device)
        if len(shape) == 1:
            weight = weight * 0.02 + ("norm" in name and name.endswith(".weight"))
        else:
            weight = weight / math.sqrt(math.prod(shape[1:]))
        weights[name] = weight.half().cpu()
    name = "model" if part == "text_encoder" else "diffusion_pytorch_model"
    save_file(weights, os.path.join(folder, part, name + ".safetensors"), metadata={"format": "pt"})
    print(part, sum(weight.numel() for weight in weights.values()), "weights written")
