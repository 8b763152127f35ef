"""MARCO in its authors' form: DINOv2's ViT-L with registers, fused queries, keys and values, SDPA; adapters; upsampling.

write(FOLDER) makes both files with random weights, under the names that they are published with; model(FOLDER, DTYPE) opens them.
"""
import os

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, BLOCKS, HEADS, PATCH, SIDE, REGISTERS = 1024, 24, 16, 14, 518, 4
ADAPTED = range(15, 24)


class Adapter(nn.Module):
    def __init__(self):
        super().__init__()
        self.adapter_layer_norm_before = nn.LayerNorm(WIDTH)
        self.down_proj, self.up_proj = nn.Linear(WIDTH, WIDTH // 2), nn.Linear(WIDTH // 2, WIDTH)

    def forward(self, x):
        return 0.1 * self.up_proj(F.relu(self.down_proj(self.adapter_layer_norm_before(x))))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(WIDTH))


class Block(nn.Module):
    def __init__(self, number):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.attn, self.mlp, self.ls1, self.ls2 = Attention(), Mlp(), Scale(), Scale()
        self.adapter = Adapter() if number in ADAPTED else None

    def forward(self, x):
        x = x + self.ls1.gamma * self.attn(self.norm1(x))
        fed = self.ls2.gamma * self.mlp(self.norm2(x))
        return x + fed if self.adapter is None else x + self.adapter(x) + fed


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(3, WIDTH, PATCH, PATCH)


class Dino(nn.Module):
    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (SIDE // PATCH) ** 2, WIDTH))
        self.register_tokens = nn.Parameter(torch.zeros(1, REGISTERS, WIDTH))
        self.patch_embed = Patches()
        self.blocks = nn.ModuleList(Block(number) for number in range(BLOCKS))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, pixels):
        patches = self.patch_embed.proj(pixels)
        grid = patches.shape[2:]
        table = self.pos_embed[:, 1:].float().view(1, SIDE // PATCH, SIDE // PATCH, WIDTH).permute(0, 3, 1, 2)
        table = F.interpolate(table, grid, mode="bicubic", antialias=True).flatten(2).transpose(1, 2)
        x = patches.flatten(2).transpose(1, 2) + table.to(pixels.dtype)
        first = self.cls_token + self.pos_embed[:, :1]
        x = torch.cat([first, self.register_tokens, x], 1)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)[:, 1 + REGISTERS :].transpose(1, 2).view(1, WIDTH, *grid)


class Upscale(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.ConvTranspose2d(WIDTH, WIDTH, 2, 2)
        self.conv2 = nn.Conv2d(WIDTH, WIDTH, 3, padding=1, groups=WIDTH, bias=False)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x):
        x = self.conv2(F.gelu(self.conv1(x)))
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Marco(nn.Module):
    def __init__(self):
        super().__init__()
        self.dino, self.upscale = Dino(), nn.ModuleList([Upscale(), Upscale()])

    def forward(self, pixels):
        x = self.dino(pixels)
        for upscale in self.upscale:
            x = upscale(x)
        return x


def files(folder):
    return [os.path.join(folder, name) for name in ("dinov2_vitl14_reg4.pth", "marco_release.pth")]


def write(folder):
    torch.manual_seed(0)
    os.makedirs(folder, exist_ok=True)
    own, others = {}, {}
    for name, value in Marco().state_dict().items():
        if not name.endswith(("norm.weight", "norm1.weight", "norm2.weight", "gamma")):
            value = torch.randn_like(value) * 0.02
        if ".adapter." in name or name.startswith("upscale."):
            own[name] = value
        else:
            others[name.removeprefix("dino.")] = value
    dinov2, marco = files(folder)
    torch.save(others, dinov2)
    torch.save({"model": own}, marco)


def model(folder, dtype):
    dinov2, marco = (torch.load(path, weights_only=True) for path in files(folder))
    network = Marco()
    network.load_state_dict({**marco["model"], **{"dino." + name: value for name, value in dinov2.items()}})
    return network.to(dtype).eval()
