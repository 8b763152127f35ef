"""fixtures/video: masks carried through a short video of random features, and DAVIS' J and F of drawn masks.

Propagation is written after the papers (Jabri and others, 2020; Tang and others, DIFT, 2023) and their evaluation: all
affinities of a frame with the first and the last ones at once, masked by neighbourhood, of which the highest K are kept
for each cell. J, F and what is said of them over frames are written after Perazzi and others (CVPR 2016), contours met by
dilation with a disk, here as a maximum over shifted copies.
"""

import math

import numpy as np
import torch
from torch.nn import functional

from common import provenance, write_golden

NAMES = ("video",)
USES = ()
CHANNELS, ROWS, COLUMNS, STRIDE, FRAMES = 6, 9, 12, 4, 7
LAST, NEAREST, TEMPERATURE, NEIGHBOURHOOD = 3, 5, 0.1, 3


def golden(name, source, out):
    generator = torch.Generator().manual_seed(17)
    features = smooth_features(generator)
    first = first_mask()
    masks = propagate(features, first)
    truth, found = drawn(generator)
    objects = int(truth[0].max())
    region = torch.tensor([[iou(t == k, f == k) for t, f in zip(truth, found)] for k in range(1, objects + 1)])
    contour = torch.tensor([[f_measure(t == k, f == k) for t, f in zip(truth, found)] for k in range(1, objects + 1)])
    summaries = [statistics(scores.numpy().astype(np.float64)) for scores in (*region, *contour)]
    tensors = {
        "features": features,
        "first": first.to(torch.uint8),
        "masks": masks.to(torch.uint8),
        "truth": truth.to(torch.uint8),
        "found": found.to(torch.uint8),
        "region": region,
        "contour": contour,
        "statistics": torch.tensor(summaries),
    }
    values = {"last": LAST, "nearest": NEAREST, "temperature": TEMPERATURE, "neighbourhood": NEIGHBOURHOOD}
    write_golden(out, tensors, {**values, "stride": STRIDE}, provenance())


def smooth_features(generator):
    """A map of features that moves to the right by half a cell a frame, with noise of its own in each."""
    wide = torch.randn(1, CHANNELS, ROWS, COLUMNS + 6, generator=generator)
    frames = []
    for t in range(FRAMES):
        grid = torch.stack(
            torch.meshgrid(torch.arange(ROWS) + 0.0, torch.arange(COLUMNS) + 3 - 0.5 * t, indexing="ij"), -1
        ).flip(-1)
        grid = 2 * grid / (torch.tensor([COLUMNS + 6, ROWS]) - 1) - 1
        moved = functional.grid_sample(wide, grid[None], align_corners=True)[0]
        frames.append(moved + 0.2 * torch.randn(moved.shape, generator=generator))
    return torch.stack(frames)


def first_mask():
    """Two objects that touch."""
    mask = torch.zeros(ROWS * STRIDE, COLUMNS * STRIDE, dtype=torch.long)
    mask[7:26, 5:19] = 1
    mask[12:31, 17:33] = 2
    return mask


def propagate(features, first):
    small = first[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]  # the pixel at a cell's centre
    labels = [functional.one_hot(small.flatten(), int(first.max()) + 1).T.float()]
    unit = functional.normalize(features.flatten(2), dim=1)
    rows, columns = torch.arange(ROWS), torch.arange(COLUMNS)
    near = lambda n: (n[:, None] - n[None]).abs() <= NEIGHBOURHOOD
    mask = (near(rows)[:, None, :, None] & near(columns)[None, :, None, :]).reshape(ROWS * COLUMNS, -1)
    out = [first]
    for t in range(1, FRAMES):
        context = [0, *range(max(1, t - LAST), t)]
        affinity = torch.cat([(unit[c].T @ unit[t] / TEMPERATURE).exp() * mask.T for c in context])
        kept = affinity >= affinity.topk(NEAREST, dim=0).values[-1:]
        weights = affinity * kept
        weights = weights / weights.sum(0, keepdim=True)
        labels.append(torch.cat([labels[c] for c in context], 1) @ weights)
        large = labels[-1].reshape(1, -1, ROWS, COLUMNS)
        large = functional.interpolate(large, scale_factor=STRIDE, mode="bilinear", align_corners=False)[0]
        for share in large:
            if share.max() > 0:
                share -= share.min().item()
                share /= share.max().item()
        out.append(large.argmax(0))
    return torch.stack(out)


def drawn(generator):
    """True masks of two objects, and others that drift off them, miss one and invent one."""
    height, width, frames = 60, 150, 10
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")

    def frame(shift, second):
        mask = torch.zeros(height, width, dtype=torch.long)
        mask[(x - 40 - shift) ** 2 + (y - 25) ** 2 < 300] = 1
        if second:
            mask[40 : 60, 100 + shift : 150] = 2
        return mask

    truth = torch.stack([frame(t, t not in (6, 7)) for t in range(frames)])
    found = torch.stack([frame(2 * t, t not in (3, 6)) for t in range(frames)])
    noise = torch.rand(found.shape, generator=generator) < 0.002
    found[noise] = 1
    return truth, found


def iou(truth, found):
    either = (truth | found).sum().item()
    return 1.0 if either == 0 else (truth & found).sum().item() / either


def contour_of(mask):
    mask = mask.numpy()
    edge = np.zeros_like(mask)
    edge[:, :-1] |= mask[:, :-1] != mask[:, 1:]
    edge[:-1] |= mask[:-1] != mask[1:]
    edge[:-1, :-1] |= mask[:-1, :-1] != mask[1:, 1:]
    return edge


def dilated(edge, radius):
    height, width = edge.shape
    padded = np.pad(edge, radius)
    out = np.zeros_like(edge)
    for v in range(-radius, radius + 1):
        for u in range(-radius, radius + 1):
            if u * u + v * v <= radius * radius:
                out |= padded[radius + v : radius + v + height, radius + u : radius + u + width]
    return out


def f_measure(truth, found):
    radius = math.ceil(0.008 * math.hypot(*truth.shape))
    true, other = contour_of(truth), contour_of(found)
    if not true.any() or not other.any():
        return float(not true.any() and not other.any())
    precision = (other & dilated(true, radius)).sum() / other.sum()
    recall = (true & dilated(other, radius)).sum() / true.sum()
    return float(0 if precision + recall == 0 else 2 * precision * recall / (precision + recall))


def statistics(scores):
    borders = np.round(np.linspace(1, len(scores), 5) + 1e-10).astype(int) - 1
    first, last = scores[borders[0] : borders[1] + 1], scores[borders[3] : borders[4] + 1]
    return [scores.mean(), (scores > 0.5).mean(), first.mean() - last.mean()]
