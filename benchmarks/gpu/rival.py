"""The method in PyTorch, as who has no Java does it: diffusers' UNet with hooks, and the reference's aggregation."""
import json
import os

import torch
from torch import nn
from torch.nn import functional as F

TIMESTEP, T, SAVED, WIDTH, FACTOR = 501, 50, 11, 384, 8


class Tapped(nn.Module):
    """The UNet, and what the second convolution of each residual block of its decoder gave."""

    def __init__(self, unet):
        super().__init__()
        self.unet, self.taps = unet, []
        for block in unet.up_blocks:
            for resnet in block.resnets:
                resnet.conv2.register_forward_hook(lambda module, inputs, output: self.taps.append(output))

    def forward(self, latents, timestep, text):
        # a new list before and after: one that were kept would be compiled for each of its lengths
        self.taps = []
        output = self.unet(latents, timestep, text, return_dict=False)[0]
        taps, self.taps = self.taps, []
        return output, taps


class Conv(nn.Conv2d):
    def __init__(self, channels, out, kernel):
        super().__init__(channels, out, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.GroupNorm(32, out)

    def forward(self, x):
        return self.norm(super().forward(x))


class Bottleneck(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = Conv(channels, WIDTH // 4, 1)
        self.conv2 = Conv(WIDTH // 4, WIDTH // 4, 3)
        self.conv3 = Conv(WIDTH // 4, WIDTH, 1)
        self.shortcut = Conv(channels, WIDTH, 1)

    def forward(self, x):
        h = F.relu(self.conv1(x))
        h = F.relu(self.conv2(h))
        return F.relu(self.conv3(h) + self.shortcut(x))


def unet_of(folder):
    from diffusers import UNet2DConditionModel
    from safetensors.torch import load_file

    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    model = UNet2DConditionModel.from_config(config).eval()
    own = model.state_dict()
    read = load_file(os.path.join(folder, "diffusion_pytorch_model.safetensors"))
    missing = sorted(set(own) ^ set(read))
    if missing:
        raise ValueError(f"keys differ: {missing[:4]}")
    model.load_state_dict({key: value.float().reshape(own[key].shape) for key, value in read.items()})
    return model


def points(source, target, flat, side):
    a, b = (F.interpolate(x, size=(side, side), mode="bilinear").flatten(2)[0] for x in (source, target))
    queries = F.normalize(a.index_select(1, flat), dim=0)
    return (queries.T @ F.normalize(b, dim=0)).argmax(1)


def cells(source, target):
    a, b = (F.normalize(x.flatten(2)[0], dim=0) for x in (source, target))
    products = a.T @ b
    return products.argmax(1), products.argmax(0)


class Rival:
    """Each stage as ImageStages has it; the last line of each waits for the device."""

    def __init__(self, folder, device, dtype, compiled):
        self.place = dict(device=device, dtype=dtype)
        unet = unet_of(folder).to(**self.place)
        self.side, self.channels = unet.config.sample_size, unet.config.in_channels
        self.text = torch.randn(1, 77, unet.config.cross_attention_dim, **self.place)
        self.timesteps = torch.tensor([-1, *range(0, 1000, 1000 // T)], device=device)
        self.alphas = [1.0, *torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64)
                       .square().neg().add(1).cumprod(0)[:: 1000 // T].tolist()]
        alike = torch.compile if compiled else lambda function: function
        self.tapped = alike(Tapped(unet))
        self.points, self.cells, self.compiled = alike(points), alike(cells), alike
        self.descriptors, self.maps, self.bottlenecks = [], [], None
        with torch.inference_mode():
            for _ in range(2):
                self.inversion()
                self.aggregation()

    def calls(self, batch, times):
        latents = torch.randn(batch, self.channels, self.side, self.side, **self.place)
        text = self.text.expand(batch, -1, -1)
        timestep = self.timesteps[26] + (TIMESTEP - 500)
        for _ in range(times):
            output, taps = self.tapped(latents, timestep, text)
        return output[0, 0, 0, 0].item()

    def inversion(self):
        x = torch.randn(1, self.channels, self.side, self.side, **self.place)
        saved = {T - 1 - i for i in [T - 1, *range(T - 5, -1, -5)]}
        self.maps = []
        for i in range(max(saved) + 1):
            output, taps = self.tapped(x, self.timesteps[i], self.text)
            if i in saved:
                self.maps.append(taps)
            before, after = self.alphas[i], self.alphas[i + 1]
            clean = (x - (1 - before) ** 0.5 * output) / before**0.5
            x = after**0.5 * clean + (1 - after) ** 0.5 * output
        assert len(self.maps) == SAVED
        return self.maps[-1][-1][0, 0, 0, 0].item()

    def aggregation(self):
        if self.bottlenecks is None:
            self.bottlenecks = [self.compiled(Bottleneck(x.shape[1]).to(**self.place)) for x in self.maps[0]]
            self.mixing = torch.ones(SAVED * len(self.maps[0]), **self.place).softmax(0)
        stacked = torch.stack(
            [torch.cat([F.interpolate(x, size=(self.side, self.side), mode="bilinear") for x in layers], 1)
             for layers in self.maps], 1)
        out, layers = 0, len(self.bottlenecks)
        for s in range(SAVED):
            begin = 0
            for l, bottleneck in enumerate(self.bottlenecks):
                channels = self.maps[0][l].shape[1]
                out = out + self.mixing[s * layers + l] * bottleneck(stacked[:, s, begin:begin + channels])
                begin += channels
        self.descriptors = [*self.descriptors[-1:], out]
        return out.float().cpu()

    def match_points(self):
        side = FACTOR * self.side
        flat = torch.tensor([(9 * i * side + 11 * i) % (side * side) for i in range(10)], device=self.place["device"])
        return self.points(*self.descriptors, flat, side).tolist()

    def match_cells(self):
        forward, backward = (x.cpu() for x in self.cells(*self.descriptors))
        return int((backward[forward] == torch.arange(len(forward))).sum())

    def run(self, stage, times):
        with torch.inference_mode():
            if stage.startswith("unet-"):
                return self.calls(int(stage[5:]), times)
            work = {"inversion": self.inversion, "aggregation": self.aggregation, "points": self.match_points,
                    "cells": self.match_cells}[stage]
            for _ in range(times):
                work()
