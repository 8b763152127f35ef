"""The rival of TrainStepBenchmark: one training step of the aggregation network as the method's text has it, in torch.

Maps are resized and stacked as the reference does it, autograd keeps what it needs, AdamW steps. Features are random,
ready in memory: no UNet runs.

pip install torch==2.7.1
python benchmarks/peers/aggregator_step.py sd15|tiny THREADS STEPS
"""
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

sizes, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
if sizes == "sd15":
    dims, sides, width, side = [1280] * 6 + [640] * 3 + [320] * 3, [8] * 3 + [16] * 3 + [32] * 3 + [64] * 3, 384, 64
else:
    dims, sides, width, side = [128] * 3 + [96] * 3 + [64] * 3 + [32] * 3, [3] * 3 + [6] * 3 + [12] * 3 + [24] * 3, 128, 24
saved = 11


class Conv(nn.Conv2d):
    def __init__(self, channels, out, kernel):
        super().__init__(channels, out, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.GroupNorm(32, out)

    def forward(self, x):
        return self.norm(super().forward(x))


class Bottleneck(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = Conv(channels, width // 4, 1)
        self.conv2 = Conv(width // 4, width // 4, 3)
        self.conv3 = Conv(width // 4, width, 1)
        self.shortcut = Conv(channels, width, 1) if channels != width else nn.Identity()

    def forward(self, x):
        h = F.relu(self.conv1(x))
        h = F.relu(self.conv2(h))
        return F.relu(self.conv3(h) + self.shortcut(x))


bottlenecks = nn.ModuleList(Bottleneck(channels) for channels in dims)
mixing = nn.Parameter(torch.ones(saved * len(dims)))
optimizer = torch.optim.AdamW([*bottlenecks.parameters(), mixing], lr=1e-3, weight_decay=0)
maps = [[torch.randn(2, channels, s, s) for channels, s in zip(dims, sides)] for _ in range(saved)]
source, target = torch.randint(side * side, (10,)), torch.randint(side * side, (10,))


def step():
    # (2, S, all channels, H, W), as the reference hands features to its aggregation network
    stacked = torch.stack(
        [torch.cat([F.interpolate(x, size=(side, side), mode="bilinear") for x in layers], 1) for layers in maps], 1)
    weights = mixing.softmax(0)
    out = 0
    for s in range(saved):
        begin = 0
        for l, channels in enumerate(dims):
            out = out + weights[s * len(dims) + l] * bottlenecks[l](stacked[:, s, begin:begin + channels])
            begin += channels
    a, b = (F.normalize(x.flatten(1).T, dim=1) for x in out)
    similarities = a @ b.T / 0.07
    loss = (F.cross_entropy(similarities[source], target) + F.cross_entropy(similarities.T[target], source)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(steps):
    start = time.perf_counter()
    step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{time.perf_counter() - start:.3f} s a step, peak {(peak - before) / 1024:.0f} MiB over the features")
