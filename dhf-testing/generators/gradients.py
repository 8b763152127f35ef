"""gradients.json of a pipeline: the two training losses through diffusers' and transformers' networks, in double precision.

Inputs are formulas, so that only results are kept: of each weight's gradient its norm, and its inner product with
cos(0, 1, 2, ...), which tells apart what norms do not.
"""

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch.nn import functional as F
from transformers import CLIPTextModel


def gradients(pipeline):
    torch.set_default_dtype(torch.float64)
    try:
        with torch.enable_grad():
            return losses(pipeline)
    finally:
        torch.set_default_dtype(torch.float32)


def losses(pipeline):
    unet = UNet2DConditionModel.from_pretrained(pipeline, subfolder="unet", torch_dtype=torch.float64).train()
    vae = AutoencoderKL.from_pretrained(pipeline, subfolder="vae", torch_dtype=torch.float64).train()
    text = CLIPTextModel.from_pretrained(pipeline, subfolder="text_encoder", dtype=torch.float64).train()

    positions = torch.arange(text.config.max_position_embeddings)
    ids = torch.stack([positions * 7 % 300, positions * 11 % 300])
    latents, noise = wave(0.37, 2, 4, 16, 16), wave(0.23, 2, 4, 16, 16)
    denoising = F.mse_loss(unet(latents, torch.tensor([17, 803]), text(ids)[0]).sample, noise)
    denoising.backward()

    pixels = wave(0.11, 1, 3, 64, 64)
    mean, logvar = vae._encode(pixels).chunk(2, 1)
    logvar = logvar.clamp(-30, 20)
    sample = mean + torch.exp(0.5 * logvar) * wave(0.29, *mean.shape)
    difference = vae._decode(sample).sample - pixels
    slopes = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    slopes = slopes + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    divergence = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
    autoencoder = difference.abs().mean() + (difference**2).mean() + 0.5 * slopes + 1.2e-3 * divergence
    autoencoder.backward()

    return {
        "denoising": denoising.item(),
        "autoencoder": autoencoder.item(),
        "gradients": {**summary(unet, "unet."), **summary(text, "text_encoder."), **summary(vae, "vae.")},
    }


def wave(step, *shape):
    return torch.sin(step * torch.arange(torch.Size(shape).numel())).reshape(shape)


def summary(model, prefix):
    found = {}
    for name, parameter in model.named_parameters():
        gradient = parameter.grad.flatten()
        cosines = torch.cos(torch.arange(gradient.numel(), dtype=gradient.dtype))
        found[prefix + name] = [gradient.norm().item(), (gradient * cosines).sum().item()]
    return found
