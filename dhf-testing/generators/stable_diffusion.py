"""fixtures/sd15 and sd21: tiny pipelines of Stable Diffusion 1.x's and 2.x's form, and one whole run over two pictures.

From pixels to matches: text, autoencoder, network and taps, inversion, generation, aggregation, loss and gradients, matching.
"""

import json
import math

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional as F
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from common import FIXTURES, copy_folder, pixels, provenance, save_half, save_transformer, write_golden, write_json
from gradients import gradients
from process import Taps, Walk, alphas_cumprod

NAMES = ("sd15", "sd21")
USES = ("process", "gradients")
SIDE = 128
STEPS, SAVE = 50, [49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0]
STORED = (0, 9, 24, 49)  # calls whose latents are kept
GUIDANCE = 7.5
PROJECTION = 128
IMAGES = ["a.png", "b.png"]
PROMPTS = [
    "",
    "a photo of a cat",
    "A Café  in München, 2 dogs!!! #1",
    "the quick brown fox's \"jump\" — naïve 猫 🙂 ...",
    " ".join(["word"] * 100),
]
FORMS = {
    "sd15": dict(
        seed=1, widths=(32, 32, 64, 64), heads=4, text=32, linear=False, prediction="epsilon", act="quick_gelu", layers=3
    ),
    "sd21": dict(
        seed=2, widths=(32, 64, 64, 64), heads=(2, 4, 4, 4), text=48, linear=True, prediction="v_prediction", act="gelu", layers=4
    ),
}
DOWN = ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D")
UP = ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D")


def weights(name, out):
    form, pipeline = FORMS[name], out / "pipeline"
    copy_folder(FIXTURES / name / "pipeline/tokenizer", pipeline / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(pipeline / "tokenizer")
    vocabulary = len(tokenizer.get_vocab())
    torch.manual_seed(form["seed"])  # the constructors draw from it too
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=form["text"],
            intermediate_size=4 * form["text"],
            num_hidden_layers=form["layers"],
            num_attention_heads=4,
            hidden_act=form["act"],
            projection_dim=form["text"],
            bos_token_id=vocabulary - 2,
            eos_token_id=vocabulary - 1,
            pad_token_id=1,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=SIDE // 8,
        block_out_channels=form["widths"],
        layers_per_block=2,
        down_block_types=DOWN,
        up_block_types=UP,
        cross_attention_dim=form["text"],
        attention_head_dim=form["heads"],
        use_linear_projection=form["linear"],
    )
    vae = AutoencoderKL(
        block_out_channels=(32, 32, 64, 64),
        layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        sample_size=SIDE,
    )
    for module in (text, unet, vae):
        for key, parameter in module.named_parameters():
            if key.endswith("weight") and (".norm" in key or "layer_norm" in key or key.endswith("norm.weight")):
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            elif key.endswith("bias"):
                parameter.copy_(0.1 * torch.randn_like(parameter))
            elif parameter.dim() >= 2 and "embedding" not in key:
                parameter.copy_(torch.randn_like(parameter) * (1.0 / math.sqrt(parameter[0].numel())))
            parameter.copy_(parameter.half().float())
    scheduler = DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        num_train_timesteps=1000,
        prediction_type=form["prediction"],
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )
    StableDiffusionPipeline(
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_config(pipeline)
    scheduler.save_config(pipeline / "scheduler")
    save_transformer(text, pipeline / "text_encoder")
    for part, module in (("unet", unet), ("vae", vae)):
        module.save_config(pipeline / part)
        save_half(module, pipeline / part / "diffusion_pytorch_model.safetensors")
    aggregator, config = aggregation_network(name, Taps(unet).channels)
    save_file(aggregator, out / "aggregation_network.safetensors", metadata={"config": json.dumps(config)})


def aggregation_network(name, channels):
    """Initial weights of docs/reference.md, Aggregation, and the configuration that published files carry."""
    generator = torch.Generator().manual_seed(FORMS[name]["seed"] + 3)

    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    state = {"mixing_weights": draw(len(channels) * len(SAVE))}
    quarter = PROJECTION // 4
    for layer, width in enumerate(channels):
        shapes = dict(
            shortcut=(PROJECTION, width, 1), conv1=(quarter, width, 1), conv2=(quarter, quarter, 3), conv3=(PROJECTION, quarter, 1)
        )
        for conv, (rows, columns, kernel) in shapes.items():
            if conv == "shortcut" and width == PROJECTION:
                continue
            key = f"bottleneck_layers.{layer}.0.{conv}"
            fan_in = columns * kernel * kernel
            state[f"{key}.weight"] = draw(rows, columns, kernel, kernel) * (2.0 / fan_in) ** 0.5
            state[f"{key}.norm.weight"] = 1 + 0.1 * draw(rows)
            state[f"{key}.norm.bias"] = 0.1 * draw(rows)
    config = dict(
        model_id=f"tiny-{name}",
        diffusion_mode="inversion",
        save_timestep=SAVE,
        num_timesteps=STEPS,
        projection_dim=PROJECTION,
        output_resolution=SIDE // 8,
        load_resolution=SIDE,
        batch_size=2,
        prompt="",
        negative_prompt="",
        guidance_scale=-1,
        flip_timesteps=False,
        dims=channels,
    )
    return state, config


def golden(name, fixture, out):
    out.mkdir(parents=True, exist_ok=True)
    form, pipeline = FORMS[name], fixture / "pipeline"
    seed = form["seed"]
    tokenizer = CLIPTokenizer.from_pretrained(pipeline / "tokenizer")
    text = CLIPTextModel.from_pretrained(pipeline / "text_encoder", dtype=torch.float32).eval()
    unet = UNet2DConditionModel.from_pretrained(pipeline / "unet", torch_dtype=torch.float32).eval()
    vae = AutoencoderKL.from_pretrained(pipeline / "vae", torch_dtype=torch.float32).eval()
    tensors, values = {}, {"name": name, "seed": seed, "images": IMAGES, "prompts": []}

    # text
    states = []
    for i, prompt in enumerate(PROMPTS):
        ids = tokenizer(prompt, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        states.append(text(ids).last_hidden_state)
        tensors[f"text.{i}"] = states[i]
        values["prompts"].append({"prompt": prompt, "input_ids": ids[0].tolist()})
    empty, prompt = states[0], states[1]

    # pictures to latents
    picture = torch.cat([pixels(image, (SIDE, SIDE)) for image in IMAGES])
    tensors["pixels"] = picture
    moments = vae.encode(picture.float() / 255 * 2 - 1).latent_dist
    noise = torch.randn(moments.mean.shape, generator=torch.Generator().manual_seed(seed + 1))
    tensors["vae.mean"], tensors["vae.logvar"], tensors["vae.noise"] = moments.mean, moments.logvar, noise
    latents = (moments.mean + torch.exp(0.5 * moments.logvar.clamp(-30, 20)) * noise) * 0.18215
    latents = latents / latents.std()  # random weights have no calibrated scale
    values["latent_scale"] = "latents = (mean + std*noise)*0.18215, then divided by their own standard deviation"
    tensors["latents"] = latents
    tensors["vae.decoded"] = vae.decode(latents / 0.18215).sample

    # the network and its taps
    taps = Taps(unet)
    values["layers"] = taps.channels
    cumprod = alphas_cumprod(torch.float64)
    values["alphas_cumprod"] = {str(t): float(cumprod[t]) for t in (0, 20, 500, 980, 999)}

    def network(z, timestep, condition):
        n = z.shape[0]
        return unet(z, torch.full((n,), timestep), encoder_hidden_states=condition.expand(n, -1, -1)).sample

    for t in (-1.0, 0.0, 501.0):
        tensors[f"unet.t{int(t)}"] = network(latents, t, prompt)
    for i, feature in enumerate(taps.layers()):
        tensors[f"unet.t501.layer{i + 1}"] = feature
    if name == "sd15":
        network(latents, 261.0, prompt)
        save_file({f"up{i + 1}": block.contiguous() for i, block in enumerate(taps.up_blocks())}, out / "up_blocks.safetensors")

    # whole runs
    walk = Walk(network, taps, form["prediction"])
    inverted, trajectory = walk.run(latents, STEPS, True, empty, save=SAVE)
    tensors["inversion.trajectory"] = torch.stack([trajectory[i] for i in STORED])
    for index in SAVE:
        for i, feature in enumerate(inverted[index]):
            tensors[f"inversion.s{index}.layer{i + 1}"] = feature.half()
    start = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed + 2))
    tensors["generation.noise"] = start
    generated, trajectory = walk.run(start, STEPS, False, prompt, empty, GUIDANCE, SAVE)
    tensors["generation.trajectory"] = torch.stack([trajectory[i] for i in STORED])
    tensors["generation.s25.layer5"] = generated[25][4]
    once, trajectory = walk.run(latents, 1, True, empty, save=[0])
    tensors["one_step.layer1"], tensors["one_step.latent"] = once[0][0], trajectory[0]

    # aggregation, of the taps as the golden file holds them
    state = load_file(fixture / "aggregation_network.safetensors")
    state = {key: state[key] for key in aggregation_network(name, taps.channels)[0]}  # the optimiser numbers them so
    with safe_open(fixture / "aggregation_network.safetensors", "pt") as file:
        config = json.loads(file.metadata()["config"])
    settle(tensors, [key for key in tensors if key.startswith("inversion.s")], FIXTURES / name / "golden.safetensors")
    kept = {index: [tensors[f"inversion.s{index}.layer{i + 1}"].float() for i in range(len(taps.channels))] for index in SAVE}
    hyper = aggregate(kept, state, SAVE)
    tensors["hyperfeatures"] = hyper
    tensors["hyperfeatures.from_generation"] = aggregate(generated, state, SAVE[::-1])[:1]

    # five steps of training on the same pair
    random = np.random.default_rng(seed)
    source, target = (random.uniform(0, SIDE - 1, (8, 2)) for _ in range(2))
    values["source_points_yx"], values["target_points_yx"] = source.tolist(), target.tolist()
    trained = {key: value.clone().requires_grad_(True) for key, value in state.items()}
    rest = [value for key, value in trained.items() if key != "mixing_weights"]
    groups = [{"params": [trained["mixing_weights"]], "lr": 1e-3}, {"params": rest, "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0)
    values["losses"] = []
    for step in range(5):
        optimizer.zero_grad()
        with torch.enable_grad():
            loss = contrast(aggregate(kept, trained, SAVE), source, target)
            loss.backward()
        values["losses"].append(float(loss))
        if step == 0:
            for key in ("mixing_weights", "bottleneck_layers.4.0.conv2.weight"):
                tensors[f"grad.{key}"] = trained[key].grad.clone()
        optimizer.step()
        if step == 0:
            checkpoint = {"step": 1000, "config": config, "aggregation_network": {k: v.clone() for k, v in state.items()}}
            torch.save({**checkpoint, "optimizer_state_dict": optimizer.state_dict()}, out / "aggregation_network.pt")
    tensors["trained.mixing_weights"] = trained["mixing_weights"].detach()

    values.update(matches(hyper, source, target))
    write_json(gradients(pipeline), out / "gradients.json")
    write_golden(out, tensors, values, provenance("diffusers", "transformers", "safetensors"))


def settle(tensors, keys, committed):
    """Half precision rounds either way from one processor to the next; what was kept stays where only that differs."""
    if committed.is_file():
        with safe_open(committed, "pt") as file:
            for key in keys:
                kept = file.get_tensor(key)
                if kept.shape == tensors[key].shape and torch.allclose(kept.float(), tensors[key].float(), 1e-3, 1e-5):
                    tensors[key] = kept


def aggregate(features, weights, order):
    side = SIDE // 8
    layers = len(features[order[0]])
    mixing = torch.softmax(weights["mixing_weights"], 0)
    total = 0
    for s, index in enumerate(order):
        for layer in range(layers):
            resized = F.interpolate(features[index][layer], size=(side, side), mode="bilinear")
            total = total + mixing[s * layers + layer] * bottleneck(resized, layer, weights)
    return total


def bottleneck(x, layer, weights):
    prefix = f"bottleneck_layers.{layer}.0."

    def conv(x, key, padding=0):
        y = F.conv2d(x, weights[f"{prefix}{key}.weight"], padding=padding)
        return F.group_norm(y, 32, weights[f"{prefix}{key}.norm.weight"], weights[f"{prefix}{key}.norm.bias"])

    y = conv(F.relu(conv(F.relu(conv(x, "conv1")), "conv2", 1)), "conv3")
    return F.relu(y + (conv(x, "shortcut") if f"{prefix}shortcut.weight" in weights else x))


def indices(points, resolution):
    y, x = (np.round(np.clip(points[:, axis], 0, resolution - 1)) for axis in (0, 1))
    return torch.from_numpy(resolution * y + x).long()


def contrast(hyper, source, target):
    side = SIDE // 8
    cells = F.normalize(hyper.flatten(2).transpose(1, 2), dim=-1)
    similarity = cells[0] @ cells[1].T / 0.07
    s, t = indices(source * side / SIDE, side), indices(target * side / SIDE, side)
    return (F.cross_entropy(similarity[s], t) + F.cross_entropy(similarity.T[t], s)) / 2


def matches(hyper, source, target):
    """Key points at the load size, and mutual nearest neighbours of the cells."""
    large = F.interpolate(hyper, size=(SIDE, SIDE), mode="bilinear")
    a, b = (F.normalize(large[i].flatten(1).T, dim=-1) for i in (0, 1))
    similarity = a[indices(source, SIDE)] @ b.T
    best = similarity.argmax(-1)
    top = similarity.topk(2, -1).values
    matched = torch.stack([best // SIDE, best % SIDE], -1)
    cells = F.normalize(hyper.flatten(2).transpose(1, 2), dim=-1)
    similarities = cells[0] @ cells[1].T
    forward, backward = similarities.argmax(1), similarities.argmax(0)
    mutual = (backward[forward] == torch.arange(len(forward))).nonzero()[:, 0]
    distances = np.linalg.norm(matched.numpy() - target, axis=1)
    return {
        "matched_points_yx": matched.tolist(),
        "matched_similarity": top[:, 0].tolist(),
        "margin_to_runner_up": (top[:, 0] - top[:, 1]).tolist(),
        "mutual_pairs": [[int(i), int(forward[i])] for i in mutual],
        "pck@0.1_img": float((distances <= 0.1 * SIDE).mean()),
        "distances": distances.tolist(),
    }
