"""Weights by formula instead of a file: keys in order of their code points, SplitMix64 of key's and element's number."""

import numpy as np


def mixed(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def counters(ordinal, elements):
    """What goes into the finaliser for the given elements of the tensor of that number."""
    with np.errstate(over="ignore"):
        start = np.uint64(ordinal) * np.uint64(0xD1B54A32D192ED03)
        return start + (np.asarray(elements, np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)


def uniform(ordinal, elements):
    """Numbers in [-1, 1), in double precision."""
    with np.errstate(over="ignore"):
        z = mixed(counters(ordinal, elements))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53 * 2 - 1


def weights(shapes, gain=lambda key: 1.0):
    """float32 arrays by key; gain multiplies a whole value before it is rounded."""
    found = {}
    for ordinal, key in enumerate(sorted(shapes)):
        shape = tuple(shapes[key])
        count = int(np.prod(shape, dtype=np.int64))
        if key.endswith("num_batches_tracked"):
            found[key] = np.zeros(shape, np.int64)
            continue
        u = uniform(ordinal, np.arange(count, dtype=np.uint64))
        if key.endswith("normal"):  # x_normal, y_normal: near a regular grid, off it on purpose
            value = -1 + 2 * np.arange(count) / (count - 1) + 0.02 * u
        elif key.endswith("pos_embed"):
            value = 0.02 * u
        elif key.endswith("running_var"):
            value = 1 + 0.5 * np.abs(u)
        elif len(shape) > 1:
            value = u * np.sqrt(6 / np.prod(shape[1:]))
        elif key.endswith("weight"):
            value = 1 + 0.1 * u
        else:
            value = 0.1 * u
        found[key] = (value * gain(key)).astype(np.float32).reshape(shape)
    return found
