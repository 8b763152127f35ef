"""What the makers of DINO's and DINOv2's golden files share: blocks with facets, maps of tokens, nearest cells."""

import torch
from torch.nn import functional as F


def difference(made, exact):
    """Largest difference over the deviation of the latter."""
    return float((made.double() - exact.double()).abs().max() / exact.double().std(unbiased=False))


def positions(table, grid, offset):
    """The patches' position embeddings (1 + M * M, D) for another grid, as DINO's authors compute them.

    Their scale factor is (g + offset) / M, and it, not the sizes, decides where an output reads.
    """
    rows, columns = grid
    side, dim = round((table.shape[0] - 1) ** 0.5), table.shape[1]
    square = table[1:].reshape(1, side, side, dim).permute(0, 3, 1, 2)
    factors = ((rows + offset) / side, (columns + offset) / side)
    resized = F.interpolate(square, scale_factor=factors, mode="bicubic")
    assert resized.shape[-2:] == (rows, columns)
    return torch.cat([table[:1], resized.permute(0, 2, 3, 1).reshape(-1, dim)])


def run(embedded, layers, attentions):
    """[tokens after every block], [{query, key, value} of every block]: what the linear layers give, no batch axis."""
    tokens, facets = [], []
    x = embedded[None]
    for layer, attention in zip(layers, attentions):
        seen, handles = {}, []
        for facet in ("query", "key", "value"):
            keep = lambda module, args, result, facet=facet: seen.__setitem__(facet, result[0])
            handles.append(getattr(attention, facet).register_forward_hook(keep))
        x = layer(x)
        x = x[0] if isinstance(x, tuple) else x
        for handle in handles:
            handle.remove()
        tokens.append(x[0])
        facets.append(seen)
    return tokens, facets


def to_map(tokens, grid):
    """(n, D) to (D, rows, columns)."""
    return tokens.T.reshape(-1, *grid)


def class_attention(facets, heads, grid):
    """Softmax of the class token's scores over all tokens, its own left out: (heads, rows, columns)."""
    query, key = (facets[name].reshape(len(facets[name]), heads, -1) for name in ("query", "key"))
    scores = torch.einsum("hd,nhd->hn", query[0], key) / query.shape[-1] ** 0.5
    return torch.softmax(scores, -1)[:, 1:].reshape(heads, *grid)


def nearest(source_name, target_name, tensors):
    """Nearest cells by cosine, their margins, and mutual pairs; flat indices."""
    a, b = (F.normalize(tensors[name].flatten(1).T, dim=-1, eps=1e-8) for name in (source_name, target_name))
    similarity = a @ b.T
    top = similarity.topk(2, -1).values
    forward, backward = similarity.argmax(1), similarity.argmax(0)
    return {
        "source": source_name,
        "target": target_name,
        "nearest_flat_index": forward.tolist(),
        "similarity": [round(v, 6) for v in top[:, 0].tolist()],
        "margin_to_runner_up": [round(v, 6) for v in (top[:, 0] - top[:, 1]).tolist()],
        "mutual_pairs": [[i, int(f)] for i, f in enumerate(forward) if backward[f] == i],
    }
