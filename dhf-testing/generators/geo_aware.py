"""fixtures/geo-aware: places of points by the soft arg max over a window, on 60 x 60 cells.

Written after the paper (Zhang and others, Telling Left from Right, CVPR 2024) and its authors' evaluation: the cosines
outside a window of 7 cells to each side of the highest become 0, all are divided by 0.02, and the place is the mean cell
by their softmax. Of the cells is what is written: column and row, whole at a cell's centre.
"""

import torch

from common import provenance, write_golden

NAMES = ("geo-aware",)
USES = ()
SIDE, REACH, TEMPERATURE = 60, 7, 0.02


def golden(name, source, out):
    maps = cosines()
    places = torch.stack([place(one) for one in maps])
    values = {"side": SIDE, "reach": REACH, "temperature": TEMPERATURE}
    write_golden(out, {"cosines": maps.reshape(len(maps), -1), "places": places}, values, provenance())


def cosines():
    """Maps with a high peak, a low one, two of a kind, one at a border and in a corner, and none above 0."""
    generator = torch.Generator().manual_seed(60)
    noise = 0.05 * torch.randn(7, SIDE, SIDE, generator=generator)
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")

    def hill(column, row, height, width):
        return height * torch.exp(-((x - column) ** 2 + (y - row) ** 2) / (2.0 * width**2))

    hills = [
        hill(20, 35, 0.7, 3),
        hill(41, 12, 0.08, 6),
        hill(15, 15, 0.6, 2) + hill(21, 17, 0.59, 2),
        hill(1, 30, 0.5, 4),
        hill(59, 59, 0.5, 4),
        hill(10, 50, 0.3, 8) - 0.6,
        0 * x.float(),
    ]
    return torch.stack(hills) + noise


def place(cosine):
    best = int(cosine.argmax())
    row, column = divmod(best, SIDE)
    rows, columns = torch.arange(SIDE)[:, None], torch.arange(SIDE)[None]
    inside = ((rows - row).abs() <= REACH) & ((columns - column).abs() <= REACH)
    kept = torch.where(inside, cosine, torch.zeros(()))
    weights = torch.softmax(kept.flatten().double() / TEMPERATURE, 0).reshape(SIDE, SIDE)
    return torch.stack([(weights * columns).sum(), (weights * rows).sum()]).float()
