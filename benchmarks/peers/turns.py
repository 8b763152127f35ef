"""A rival's side of benchmarks/compare, which installs what this needs.

turns.py write FOLDER                        networks of published forms with random weights, which all sides read
turns.py write-marco FOLDER                  MARCO's two files, 1.3 GB
turns.py convert NETWORK FOLDER              the network as OpenVINO reads it, beside the other
turns.py NETWORK RIVAL FOLDER DTYPE THREADS  says "ready SECONDS PEAK_MB", then answers each line with a call's seconds

NETWORK: unet, vae, dinov2-base, marco (no openvino); RIVAL: torch (diffusers or transformers, eager, SDPA) or openvino
"""
import os
import resource
import sys
import time

import torch

UNET = dict(sample_size=64, cross_attention_dim=768, attention_head_dim=8, block_out_channels=(320, 640, 1280, 1280))
VAE = dict(
    block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=4, norm_num_groups=32,
    down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
)


def write(folder):
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import Dinov2Config, Dinov2Model

    torch.manual_seed(0)
    # half precision on the disk, as they are published
    UNet2DConditionModel(**UNET).half().save_pretrained(os.path.join(folder, "unet"))
    AutoencoderKL(**VAE).half().save_pretrained(os.path.join(folder, "vae"))
    config = Dinov2Config(hidden_size=768, num_attention_heads=12, num_hidden_layers=12, image_size=518)
    Dinov2Model(config).save_pretrained(os.path.join(folder, "dinov2-base"))


class Encoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.encoder, self.quant_conv = vae.encoder, vae.quant_conv

    def forward(self, pixels):
        return self.quant_conv(self.encoder(pixels))


def module(network, folder, dtype):
    """The network and the inputs of a call."""
    path = os.path.join(folder, network)
    if network == "unet":
        from diffusers import UNet2DConditionModel

        unet = UNet2DConditionModel.from_pretrained(path, torch_dtype=dtype)
        return unet, (torch.randn(1, 4, 64, 64), torch.tensor(501.0), torch.randn(1, 77, 768))
    if network == "vae":
        from diffusers import AutoencoderKL

        return Encoder(AutoencoderKL.from_pretrained(path, torch_dtype=dtype)), (torch.rand(1, 3, 512, 512) * 2 - 1,)
    if network == "marco":
        import marco_torch

        return marco_torch.model(path, dtype), (torch.randn(1, 3, 770, 770),)
    from transformers import Dinov2Model

    model = Dinov2Model.from_pretrained(path, attn_implementation="sdpa", dtype=dtype)
    return model, (torch.randn(1, 3, 518, 518),)


def eager(network, folder, dtype):
    model, inputs = module(network, folder, dtype)
    model.eval()
    inputs = tuple(x.to(dtype) for x in inputs)

    def call():
        with torch.inference_mode():
            output = model(*inputs)
            (output if torch.is_tensor(output) else output[0]).float().sum().item()

    return call


def ir(network, folder):
    return os.path.join(folder, network, "openvino.xml")


def convert(network, folder):
    import openvino as ov

    model, inputs = module(network, folder, torch.float32)
    if network == "dinov2-base":
        model.config.return_dict = False
    with torch.inference_mode():
        ov.save_model(ov.convert_model(model.eval(), example_input=inputs), ir(network, folder))


def openvino(network, folder, dtype, threads):
    import openvino as ov

    inputs = {
        "unet": (torch.randn(1, 4, 64, 64), torch.tensor(501.0), torch.randn(1, 77, 768)),
        "vae": (torch.rand(1, 3, 512, 512) * 2 - 1,),
        "dinov2-base": (torch.randn(1, 3, 518, 518),),
    }[network]
    hint = {torch.float32: "f32", torch.bfloat16: "bf16"}[dtype]
    compiled = ov.Core().compile_model(
        ir(network, folder), "CPU", {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
    )
    request = compiled.create_infer_request()
    arrays = [x.numpy() for x in inputs]
    return lambda: request.infer(arrays)


def main():
    if sys.argv[1] == "write":
        write(sys.argv[2])
        return
    if sys.argv[1] == "write-marco":
        import marco_torch

        marco_torch.write(os.path.join(sys.argv[2], "marco"))
        return
    if sys.argv[1] == "convert":
        convert(sys.argv[2], sys.argv[3])
        return
    network, rival, folder, dtype, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    dtype = getattr(torch, dtype)
    start = time.perf_counter()
    if rival == "openvino":
        call = openvino(network, folder, dtype, int(threads))
    else:
        call = eager(network, folder, dtype)
    call()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"ready {time.perf_counter() - start:.2f} {peak:.0f}", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        call()
        print(f"{time.perf_counter() - start:.4f}", flush=True)


main()
