"""fixtures/baselines/resnet101: the maps of torchvision's ResNet-101 with weights by formula."""

import hashlib
import json

import numpy as np
import torch
from PIL import Image
from torchvision.models import resnet101

import formula
from common import FIXTURES, image_net, provenance, write_golden

NAMES = ("baselines/resnet101",)
USES = ("formula",)
WHOLE = ("stem", "layer2.0", "layer3.0", "layer4.0", "layer4.2")


def network(state):
    model = resnet101()
    model.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in state.items()})
    return model.eval()


def shapes():
    return {key: tuple(value.shape) for key, value in resnet101().state_dict().items()}


def taps(model, x):
    """The 34 maps of a batch: after the first pool, and of every bottleneck the sum before its last ReLU."""
    relu = torch.relu  # theirs works in place and would take the sums away
    x = model.maxpool(relu(model.bn1(model.conv1(x))))
    found = {"stem": x}
    for stage in (1, 2, 3, 4):
        for i, block in enumerate(getattr(model, f"layer{stage}")):
            y = relu(block.bn1(block.conv1(x)))
            y = relu(block.bn2(block.conv2(y)))
            y = block.bn3(block.conv3(y)) + (x if block.downsample is None else block.downsample(x))
            found[f"layer{stage}.{i}"] = y
            x = relu(y)
    return found


def rounded(value):
    return float(f"{value:.9g}")


def golden(name, fixture, out):
    committed = json.loads((fixture / "golden.json").read_text(encoding="utf-8"))  # for the places that it samples
    state = formula.weights(shapes())
    keys = sorted(state)
    floats = [state[key] for key in keys if not key.endswith("num_batches_tracked")]
    digest = hashlib.sha256()
    for array in floats:
        digest.update(array.astype("<f4").tobytes())
    values = {
        "input": "resize/a_64x64.png, /255, ImageNet mean and std",
        "formula": {
            "stream_multiplier": "0xD1B54A32D192ED03",
            "element_multiplier": "0x9E3779B97F4A7C15",
            "finaliser_multiplier_1": "0xBF58476D1CE4E5B9",
            "finaliser_multiplier_2": "0x94D049BB133111EB",
            "finaliser_shifts": [30, 27, 31],
        },
        "test_values": [test_value(state, keys, case["k"], case["i"]) for case in committed["test_values"]],
        "tensors": len(keys),
        "floats": sum(array.size for array in floats),
        "sha256_all_float32_little_endian_in_key_order": digest.hexdigest(),
        "sha256_conv1_weight": hashlib.sha256(state["conv1.weight"].astype("<f4").tobytes()).hexdigest(),
        "maps": [],
        "keys": keys,
    }
    picture = torch.from_numpy(np.array(Image.open(FIXTURES / "resize/a_64x64.png").convert("RGB"))).permute(2, 0, 1)[None]
    input = image_net(picture)
    tensors = {"input": input[0]}
    model = network(state)
    made = taps(model, input)
    exact = taps(model.double(), input.double())
    for index, (key, map) in enumerate(made.items()):
        map, double = map[0], exact[key][0].numpy()
        if key in WHOLE:
            tensors[key] = map
        places = committed["maps"][index]["indices"]
        m = map.double().numpy()
        values["maps"].append(
            {
                "index": index,
                "name": key,
                "shape": list(m.shape),
                "mean": rounded(m.mean()),
                "std": rounded(m.std()),
                "spatial_std": rounded(m.std(axis=(1, 2)).mean()),
                "float32_vs_float64": float(f"{np.abs(m - double).max() / double.std():.2g}"),
                "indices": places,
                "values": [rounded(v) for v in m.reshape(-1)[places]],
            }
        )
    write_golden(out, tensors, values, provenance("torchvision", "safetensors"))


def test_value(state, keys, ordinal, element):
    counter = formula.counters(ordinal, [element])
    with np.errstate(over="ignore"):
        output = formula.mixed(counter)
    case = {
        "k": ordinal,
        "i": element,
        "key": keys[ordinal],
        "input": f"0x{int(counter[0]):016X}",
        "output": f"0x{int(output[0]):016X}",
        "u": float(formula.uniform(ordinal, [element])[0]),
    }
    if not keys[ordinal].endswith("num_batches_tracked"):
        weight = state[keys[ordinal]].reshape(-1)[element]
        case["weight_float32"] = float(weight)
        case["weight_bits"] = f"0x{int(weight.view(np.uint32)):08X}"
    return case
