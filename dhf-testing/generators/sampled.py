"""Golden files of networks whose tensors are too large to keep: places, rows and figures of them.

Which places and rows are kept is read from the committed file; what they hold is computed.
"""

import numpy as np
import torch
from safetensors import safe_open


def keep(committed, full, rows):
    """The tensors of a committed golden file, taken anew out of whole ones.

    NAME.idx and NAME.val are flat places of full[NAME] and what it holds there; rows(name, tensor) answers for NAME.rows
    of a tensor without the leading axis; every other key is a tensor of full as it is.
    """
    tensors, missing = {}, []
    with safe_open(committed, "pt") as file:
        for key in file.keys():
            name, _, kind = key.rpartition(".")
            if key in full:
                tensors[key] = full[key]
            elif kind == "idx" and name in full:
                tensors[key] = file.get_tensor(key)
            elif kind == "val" and name in full:
                places = file.get_tensor(f"{name}.idx")
                tensors[key] = full[name].reshape(-1)[places.long()]
            elif kind == "rows" and name in full:
                tensors[key] = rows(name, full[name])
            else:
                missing.append(key)
    if missing:
        raise ValueError(f"nothing computes {', '.join(missing)}")
    return tensors


def figures(tensor):
    x = tensor.double()
    return {
        "shape": list(tensor.shape),
        "mean": float(x.mean()),
        "std": float(x.std(unbiased=False)),
        "min": float(x.min()),
        "max": float(x.max()),
    }


def weights_check(state, checked):
    """The same tensors' ordinal, first four values, last one and sum."""
    ordinals = {key: i for i, key in enumerate(sorted(state))}
    found = {}
    for key in checked:
        flat = np.asarray(state[key]).reshape(-1)
        found[key] = {
            "ordinal": ordinals[key],
            "shape": list(np.shape(state[key])),
            "first": [float(v) for v in flat[:4]],
            "last": float(flat[-1]),
            "sum": float(flat.astype(np.float64).sum()),
        }
    return found


def percent(distances, base, alphas=(0.05, 0.1, 0.15)):
    return {alpha: 100 * float((distances <= alpha * base).float().mean()) for alpha in alphas}


def norm(points):
    return torch.linalg.vector_norm(points, dim=-1)
