"""The rival of PipelineStepBenchmark: one training step of the same UNet in diffusers (forward, backward, AdamW).

pip install torch==2.7.1 diffusers==0.39.0 transformers==4.57.1
python benchmarks/peers/unet_train_step.py CHECKPOINT THREADS STEPS [BATCH]
"""
import sys
import time

import torch
from diffusers import UNet2DConditionModel
from torch.nn import functional as F

folder, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
batch = int(sys.argv[4]) if len(sys.argv) > 4 else 16
torch.set_num_threads(threads)
torch.manual_seed(0)
unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", torch_dtype=torch.float32).train()
side, text = unet.config.sample_size, torch.randn(batch, 16, unet.config.cross_attention_dim)
optimizer = torch.optim.AdamW(unet.parameters(), lr=1e-4, weight_decay=1e-3)
print(sum(p.numel() for p in unet.parameters()), "parameters")
for _ in range(steps):
    start = time.perf_counter()
    latents, noise = torch.randn(batch, 4, side, side), torch.randn(batch, 4, side, side)
    timesteps = torch.randint(1000, (batch,))
    loss = F.mse_loss(unet(latents, timesteps, text).sample, noise)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
    optimizer.step()
    print(f"{(time.perf_counter() - start) * 1e3:.0f} ms a step of {batch}")
