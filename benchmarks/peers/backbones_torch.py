"""The rivals of BackboneBenchmark, HoughBenchmark and Conv4dBenchmark: transformers (scaled dot product attention),
torchvision, and the votes and convolutions as their authors' code lays them out in torch operations.

pip install torch==2.7.1 torchvision==0.22.1 transformers==4.57.1
python benchmarks/peers/backbones_torch.py write FOLDER            # random weights, which both sides read
python benchmarks/peers/backbones_torch.py NAME FOLDER THREADS CALLS
NAME: dinov2-small, dinov2-base, resnet101, hough, conv4d
"""
import os
import sys
import time

import torch
import torch.nn.functional as F

SIZES = {"dinov2-small": (384, 6), "dinov2-base": (768, 12)}


def write(folder):
    from torchvision.models import resnet101
    from transformers import Dinov2Config, Dinov2Model

    torch.manual_seed(0)
    for name, (width, heads) in SIZES.items():
        config = Dinov2Config(hidden_size=width, num_attention_heads=heads, num_hidden_layers=12, image_size=518)
        Dinov2Model(config).save_pretrained(os.path.join(folder, name))
    torch.save(resnet101().state_dict(), os.path.join(folder, "resnet101.pth"))


def dinov2(folder, name):
    from transformers import Dinov2Model

    network = Dinov2Model.from_pretrained(os.path.join(folder, name), attn_implementation="sdpa").eval()
    pixels = torch.randn(1, 3, 518, 518)
    return lambda: network(pixels).last_hidden_state


def resnet(folder):
    from torchvision.models import resnet101

    network = resnet101().eval()
    network.load_state_dict(torch.load(os.path.join(folder, "resnet101.pth"), weights_only=True))
    pixels = torch.randn(1, 3, 240, 240)

    def call():
        x = network.maxpool(network.relu(network.bn1(network.conv1(pixels))))
        for layer in (network.layer1, network.layer2, network.layer3, network.layer4):
            x = layer(x)
        return x

    return call


def hough():
    side, cell, bins = 60, 480 / 8192**0.5, 91
    places = torch.arange(side * side)
    y, x = places // side * 4, places % side * 4
    ids_y = ((240 - y[:, None] + y[None, :]) / cell).floor().long()
    ids_x = ((240 - x[:, None] + x[None, :]) / cell).floor().long()
    ids = (ids_y * bins + ids_x).view(-1)
    r = torch.arange(-3, 4.0)
    gauss = torch.exp(-(r[:, None] ** 2 + r[None, :] ** 2) / (2 * (3.5 / 2.354) ** 2))
    gauss = (gauss / gauss.sum())[None, None]
    votes = torch.rand(side * side, side * side)

    def call():
        space = torch.zeros(bins * bins).index_add(0, ids, votes.view(-1))
        space = F.conv2d(space.view(1, 1, bins, bins), gauss, padding=3).view(-1)
        return votes * space.index_select(0, ids).view_as(votes)

    return call


def conv4d():
    """Level 2's first convolution: 4 x 64^4 to 4 x 32^4, kernel 3, stride 2, and its group norm."""
    x = torch.rand(1, 4, 64, 64, 64, 64)
    query = torch.nn.Conv2d(4, 4, 3, 2, 1)
    support = torch.nn.Conv2d(4, 4, 3, 2, 1)
    norm = torch.nn.GroupNorm(1, 4)

    def side(x, conv):
        b, c, h, w, u, v = x.shape
        pooled = F.max_pool2d(x.reshape(b * c * h * w, 1, u, v), 2, 2)
        u, v = pooled.shape[-2:]
        moved = pooled.view(b, c, h, w, u, v).permute(0, 4, 5, 1, 2, 3).reshape(b * u * v, c, h, w)
        out = conv(moved)
        return out.view(b, u, v, *out.shape[1:]).permute(0, 3, 4, 5, 1, 2)

    def call():
        first = side(x, query)
        second = side(x.permute(0, 1, 4, 5, 2, 3), support).permute(0, 1, 4, 5, 2, 3)
        return F.relu(norm((first + second).flatten(2)))

    return call


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    name, folder, threads, calls = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    if name in SIZES:
        run = dinov2(folder, name)
    else:
        run = {"resnet101": lambda: resnet(folder), "hough": hough, "conv4d": conv4d}[name]()
    with torch.inference_mode():
        for _ in range(3):
            run()
        times = []
        for _ in range(calls):
            start = time.perf_counter()
            run()
            times.append(1e3 * (time.perf_counter() - start))
    times.sort()
    print(f"{name}: median {times[len(times) // 2]:.1f} ms, {times[0]:.1f} to {times[-1]:.1f}")
