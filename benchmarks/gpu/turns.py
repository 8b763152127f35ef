"""The library and diffusers take turns on the same weights, five rounds: turns.py CHECKPOINT ROUNDS CALLS COMMAND...

COMMAND starts the library's side, which answers a line "BATCH CALLS" with milliseconds a call. Without diffusers that
side is timed alone. An optional side runs diffusers in float16, which the library does not have.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import torch

checkpoint, rounds, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
cuda = torch.cuda.is_available()
library = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def peer():
    from diffusers import UNet2DConditionModel
    from safetensors.torch import load_file

    with open(os.path.join(checkpoint, "unet", "config.json")) as file:
        config = json.load(file)
    model = UNet2DConditionModel.from_config(config).eval()
    own = model.state_dict()
    read = load_file(os.path.join(checkpoint, "unet", "diffusion_pytorch_model.safetensors"))
    missing = sorted(set(own) ^ set(read))
    if missing:
        raise ValueError(f"keys differ: {missing[:4]}")
    model.load_state_dict({key: value.float().reshape(own[key].shape) for key, value in read.items()})
    return model.to("cuda" if cuda else "cpu"), config


def ask(batch):
    library.stdin.write(f"{batch} {calls}\n")
    library.stdin.flush()
    return answer().split(" ", 1)


def answer():
    while True:
        line = library.stdout.readline()
        if not line:
            raise SystemExit("the library's side ended")
        if line.startswith("ready") or line[0].isdigit():
            return line.strip()


def turn(model, config, batch, dtype):
    side = config["sample_size"]
    place = dict(device="cuda" if cuda else "cpu", dtype=dtype)
    latents = torch.randn(batch, 4, side, side, **place)
    text = torch.randn(batch, 77, config["cross_attention_dim"], **place)
    with torch.inference_mode():
        model(latents, 501, text).sample.sum().item()
        start = time.perf_counter()
        for _ in range(calls):
            output = model(latents, 501, text).sample
        output.sum().item()
    return 1e3 * (time.perf_counter() - start) / calls


try:
    other = peer()
except Exception as error:
    print("no diffusers side:", repr(error)[:300])
    other = None
answer()
for batch in (1, 2):
    mine, theirs = [], []
    for _ in range(rounds):
        time_of_call, memory = ask(batch)
        mine.append(float(time_of_call))
        if other:
            theirs.append(turn(*other, batch, torch.float32))
    line = f"turns batch {batch}: library {statistics.median(mine):.2f} ms a call ({min(mine):.2f} to {max(mine):.2f})"
    if theirs:
        line += f", diffusers {statistics.median(theirs):.2f} ({min(theirs):.2f} to {max(theirs):.2f})"
        line += f", ratio {statistics.median(mine) / statistics.median(theirs):.3f}"
    print(line, "device memory in use", memory, flush=True)
library.stdin.close()
library.wait(30)
if other and cuda:
    half = other[0].half()
    for batch in (1, 2):
        found = [turn(half, other[1], batch, torch.float16) for _ in range(rounds)]
        print(f"turns batch {batch}: diffusers in float16 {statistics.median(found):.2f} ms a call", flush=True)
