"""fixtures/cleandift: one call on the clean latent by another UNet's state dict, after CleanDIFT (arXiv 2412.03439).

The state dict is that of `sd21` with each tensor turned over along its first axis: another network of the same form,
which a test can make anew.
"""

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file

from common import FIXTURES, provenance, write_golden
from process import Taps

NAMES = ("cleandift",)
USES = ("process",)
TIMESTEP = 261
LAYERS = (1, 6, 12)


def golden(name, fixture, out):
    sd21 = FIXTURES / "sd21"
    run = load_file(sd21 / "golden.safetensors")
    unet = UNet2DConditionModel.from_pretrained(sd21 / "pipeline/unet", torch_dtype=torch.float32).eval()
    unet.load_state_dict({key: value.flip(0) for key, value in unet.state_dict().items()})
    taps = Taps(unet)
    latents = run["latents"]
    condition = run["text.1"].expand(len(latents), -1, -1)
    output = unet(latents, torch.full((len(latents),), float(TIMESTEP)), encoder_hidden_states=condition).sample
    tensors = {"output": output, "up2": taps.up_blocks()[1]}
    tensors |= {f"layer{layer}": taps.layers()[layer - 1] for layer in LAYERS}
    values = {"timestep": TIMESTEP, "latents": "sd21/golden.safetensors", "prompt": "text.1", "up_block": 2}
    write_golden(out, tensors, values, provenance("diffusers", "safetensors"))
