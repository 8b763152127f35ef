"""The rival of UNetCallBenchmark: diffusers' eager UNet on the same random weights.

pip install torch==2.7.1 diffusers==0.39.0 transformers==4.57.1
python benchmarks/peers/unet_diffusers.py FOLDER THREADS CALLS
"""
import sys
import time

import torch
from diffusers import UNet2DConditionModel

folder, threads, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
unet = UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32).eval()
latents, text = torch.randn(1, 4, 64, 64), torch.randn(1, 77, 768)
matrix = torch.randn(2048, 2048)
with torch.inference_mode():
    unet(latents, 501, text)
    for _ in range(calls):
        start = time.perf_counter()
        unet(latents, 501, text)
        call = time.perf_counter() - start
        start = time.perf_counter()
        for _ in range(10):
            matrix @ matrix
        product = time.perf_counter() - start
        print(f"diffusers {call * 1e3:.0f} ms a call, {803 / call:.0f} GFLOP/s; matrix products {171.8 / product:.0f} GFLOP/s")
