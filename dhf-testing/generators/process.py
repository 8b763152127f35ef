"""The method's walks over the timesteps, and its taps, around any diffusers UNet: docs/reference.md, extraction steps 3 to 9."""

import torch


def alphas_cumprod(dtype=torch.float32):
    """Of the published schedule: 1000 steps, scaled_linear from 0.00085 to 0.012."""
    return torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=dtype) ** 2, 0)


class Taps:
    """What the second convolution of every residual block of the decoder gave in the last call, before the residual sum."""

    def __init__(self, unet):
        self.resnets = [resnet for block in unet.up_blocks for resnet in block.resnets]
        self.channels = [resnet.conv2.out_channels for resnet in self.resnets]
        self.seen = {}
        self.blocks = {}
        for i, resnet in enumerate(self.resnets):
            resnet.conv2.register_forward_hook(lambda module, args, out, i=i: self.seen.__setitem__(i, out))
        for i, block in enumerate(unet.up_blocks):
            block.register_forward_hook(lambda module, args, out, i=i: self.blocks.__setitem__(i, out))

    def layers(self):
        return [self.seen[i].clone() for i in range(len(self.resnets))]

    def up_blocks(self):
        return [self.blocks[i].clone() for i in range(len(self.blocks))]


class Walk:
    """network(latents, timestep, condition) is the raw output; timestep is a float and may be -1."""

    def __init__(self, network, taps, prediction="epsilon"):
        self.network = network
        self.taps = taps
        self.prediction = prediction
        self.cumprod = alphas_cumprod()

    def alpha(self, timestep):
        return torch.tensor(1.0) if timestep < 0 else self.cumprod[timestep]

    def noise(self, latents, timestep, condition):
        out = self.network(latents, float(timestep), condition)
        a = self.alpha(timestep)
        return out if self.prediction == "epsilon" else a.sqrt() * out + (1 - a).sqrt() * latents

    def run(self, latents, steps, inversion, condition, negative=None, guidance=None, save=()):
        """({saved index: taps of every layer}, [latents after every call])."""
        sequence = list(range(0, 1000, 1000 // steps))[:steps]
        previous = [-1] + sequence[:-1]
        pairs = list(zip(previous, sequence)) if inversion else list(zip(reversed(sequence), reversed(previous)))
        features, trajectory = {}, []
        for i, (t, following) in enumerate(pairs):
            a, a_next = self.alpha(t), self.alpha(following)
            if guidance is None:
                noise = self.noise(latents, t, condition)
            else:
                without = self.noise(latents, t, negative)
                noise = self.noise(latents, t, condition)  # last, so that the taps are the condition's
                noise = without + guidance * (noise - without)
            index = steps - 1 - i if inversion else i
            if index in save:
                features[index] = self.taps.layers()
            clean = (latents - noise * (1 - a).sqrt()) / a.sqrt()
            latents = a_next.sqrt() * clean + (1 - a_next).sqrt() * noise
            trajectory.append(latents.clone())
        return features, trajectory
