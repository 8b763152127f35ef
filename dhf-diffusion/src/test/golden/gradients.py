"""Golden gradients for TrainingGoldenTest: the two training losses through diffusers' and transformers' networks.

Inputs are formulas, so that only results are kept: of each weight's gradient its norm, and its inner product with
cos(0, 1, 2, ...), which tells apart what norms do not.

pip install torch==2.7.1 diffusers==0.39.0 transformers==4.57.1
python gradients.py FIXTURE  (a folder with pipeline/; writes gradients.json there)
"""
import json
import sys

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch.nn import functional as F
from transformers import CLIPTextModel

folder = sys.argv[1] + "/pipeline"
torch.set_default_dtype(torch.float64)
unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", torch_dtype=torch.float64).train()
vae = AutoencoderKL.from_pretrained(folder, subfolder="vae", torch_dtype=torch.float64).train()
text = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder", torch_dtype=torch.float64).train()


def wave(step, *shape):
    return torch.sin(step * torch.arange(torch.Size(shape).numel())).reshape(shape)


def summary(model, prefix):
    found = {}
    for name, parameter in model.named_parameters():
        g = parameter.grad.flatten()
        found[prefix + name] = [g.norm().item(), (g * torch.cos(torch.arange(g.numel(), dtype=g.dtype))).sum().item()]
    return found


tokens = text.config.max_position_embeddings
ids = torch.stack([torch.arange(tokens) * 7 % 300, torch.arange(tokens) * 11 % 300])
latents, noise = wave(0.37, 2, 4, 16, 16), wave(0.23, 2, 4, 16, 16)
states = text(ids)[0]
denoising = F.mse_loss(unet(latents, torch.tensor([17, 803]), states).sample, noise)
denoising.backward()

pixels = wave(0.11, 1, 3, 64, 64)
moments = vae._encode(pixels)
mean, logvar = moments.chunk(2, 1)
sample = mean + torch.exp(0.5 * logvar.clamp(-30, 20)) * wave(0.29, *mean.shape)
d = vae._decode(sample).sample - pixels if hasattr(vae._decode(sample), "sample") else vae._decode(sample)[0] - pixels
slopes = (d[..., 1:] - d[..., :-1]).abs().mean() + (d[..., 1:, :] - d[..., :-1, :]).abs().mean()
divergence = 0.5 * (mean**2 + logvar.clamp(-30, 20).exp() - 1 - logvar.clamp(-30, 20)).mean()
autoencoder = d.abs().mean() + (d**2).mean() + 0.5 * slopes + 1.2e-3 * divergence
autoencoder.backward()

json.dump(
    {
        "denoising": denoising.item(),
        "autoencoder": autoencoder.item(),
        "gradients": {**summary(unet, "unet."), **summary(text, "text_encoder."), **summary(vae, "vae.")},
    },
    open(sys.argv[1] + "/gradients.json", "w"),
    indent=0,
)
