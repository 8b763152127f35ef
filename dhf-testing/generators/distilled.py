"""fixtures/sd-distilled: UNets of two distilled forms of Stable Diffusion 1.x, and single calls of them in diffusers.

`bk-sdm` has no middle block and one layer a block (BK-SDM-Small's form); `lcm` takes an embedding of the guidance scale
beside the timestep (`time_cond_proj_dim`, the form of latent consistency models).
"""

import torch
from diffusers import LatentConsistencyModelPipeline, UNet2DConditionModel

from common import fill, provenance, save_half, write_golden
from process import Taps

NAMES = ("sd-distilled",)
USES = ("process",)
SEED = 31
GUIDANCE = 8.5
COMMON = dict(
    sample_size=16,
    block_out_channels=(16, 16, 32, 32),
    norm_num_groups=16,
    cross_attention_dim=24,
    attention_head_dim=2,
)
DOWN = ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D")
UP = ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D")
FORMS = {
    "bk-sdm": dict(COMMON, down_block_types=DOWN, up_block_types=UP, layers_per_block=1, mid_block_type=None),
    "lcm": dict(
        COMMON,
        block_out_channels=(16, 32),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=2,
        time_cond_proj_dim=24,
    ),
}


def weights(name, out):
    for i, (form, config) in enumerate(FORMS.items()):
        unet = fill(UNet2DConditionModel(**config), SEED + i)
        unet.save_config(out / form / "unet")
        save_half(unet, out / form / "unet/diffusion_pytorch_model.safetensors")


def golden(name, fixture, out):
    generator = torch.Generator().manual_seed(SEED + 10)
    latents = torch.randn((1, 4, 16, 16), generator=generator)
    text = torch.randn((1, 77, 24), generator=generator)
    tensors, values = {"latents": latents, "text": text}, {"name": name, "seed": SEED, "layers": {}}
    values["guidance_scale"] = GUIDANCE
    for form in FORMS:
        unet = UNet2DConditionModel.from_pretrained(fixture / form / "unet", torch_dtype=torch.float32).eval()
        taps = Taps(unet)
        values["layers"][form] = taps.channels
        seen = {}
        unet.time_embedding.register_forward_hook(lambda module, args, result: seen.update(time=result))
        conditions = {"": None}
        if unet.config.time_cond_proj_dim:
            embedding = LatentConsistencyModelPipeline.get_guidance_scale_embedding(
                None, torch.tensor([GUIDANCE - 1]), embedding_dim=unet.config.time_cond_proj_dim
            )
            tensors[f"{form}.guidance_embedding"] = embedding
            conditions[".guided"] = embedding
        for suffix, condition in conditions.items():
            for t in (-1.0, 501.0):
                prefix = f"{form}{suffix}.t{int(t)}"
                tensors[prefix] = unet(
                    latents,
                    torch.tensor([t]),
                    encoder_hidden_states=text,
                    timestep_cond=condition,
                ).sample
                tensors[f"{prefix}.time_embedding"] = seen["time"]
                for i, feature in enumerate(taps.layers()):
                    tensors[f"{prefix}.layer{i + 1}"] = feature
                for i, output in enumerate(taps.up_blocks()):
                    tensors[f"{prefix}.up{i + 1}"] = output
    write_golden(out, tensors, values, provenance("diffusers", "safetensors"))
