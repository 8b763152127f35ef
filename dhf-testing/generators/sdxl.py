"""fixtures/sdxl: a tiny pipeline of Stable Diffusion XL's form and what diffusers computes with it."""

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.utils import logging
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from common import FIXTURES, copy_folder, fill, pixels, provenance, save_half, save_transformer, write_golden
from process import Taps, Walk, alphas_cumprod

NAMES = ("sdxl",)
USES = ("process",)
SEED = 21
SIDE = 96
STEPS, SAVE = 10, [9, 6, 3, 0]
GUIDANCE = 7.5
IMAGES = ["a.png", "b.png"]
PROMPTS = [
    "",
    "a photo of a cat",
    "A Café  in München, 2 dogs!!! #1 -- the quick brown fox's \"jump\"; " + " ".join(["word"] * 80),
]
logging.disable_progress_bar()


def weights(name, out):
    pipeline = out / "pipeline"
    copy_folder(FIXTURES / "sd15/pipeline/tokenizer", pipeline / "tokenizer")
    copy_folder(FIXTURES / "sd21/pipeline/tokenizer", pipeline / "tokenizer_2")
    tokenizer = CLIPTokenizer.from_pretrained(pipeline / "tokenizer")
    tokenizer_2 = CLIPTokenizer.from_pretrained(pipeline / "tokenizer_2")
    vocabulary = len(tokenizer.get_vocab())
    text = fill(
        CLIPTextModel(
            CLIPTextConfig(
                vocab_size=vocabulary,
                hidden_size=16,
                intermediate_size=64,
                num_hidden_layers=3,
                num_attention_heads=2,
                hidden_act="quick_gelu",
                projection_dim=16,
                bos_token_id=vocabulary - 2,
                eos_token_id=vocabulary - 1,
                pad_token_id=1,
            )
        ),
        SEED,
    )
    text_2 = fill(  # the ids of beginning and end are those of the published file, not the vocabulary's
        CLIPTextModelWithProjection(
            CLIPTextConfig(
                vocab_size=vocabulary,
                hidden_size=24,
                intermediate_size=96,
                num_hidden_layers=4,
                num_attention_heads=3,
                hidden_act="gelu",
                projection_dim=20,
                bos_token_id=0,
                eos_token_id=2,
                pad_token_id=1,
            )
        ),
        SEED + 1,
    )
    unet = fill(
        UNet2DConditionModel(
            sample_size=SIDE // 8,
            block_out_channels=(16, 24, 32),
            norm_num_groups=8,
            layers_per_block=2,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=[1, 2, 3],
            attention_head_dim=[2, 3, 4],
            use_linear_projection=True,
            cross_attention_dim=16 + 24,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 20,
        ),
        SEED + 2,
    )
    vae = fill(
        AutoencoderKL(
            block_out_channels=(16, 16, 32, 32),
            norm_num_groups=16,
            layers_per_block=1,
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            latent_channels=4,
            sample_size=SIDE,
            scaling_factor=0.13025,
            force_upcast=True,
        ),
        SEED + 3,
    )
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        num_train_timesteps=1000,
        prediction_type="epsilon",
        timestep_spacing="leading",
        steps_offset=1,
    )
    whole = StableDiffusionXLPipeline(
        vae, text, text_2, tokenizer, tokenizer_2, unet, scheduler, force_zeros_for_empty_prompt=True, add_watermarker=False
    )
    whole.save_config(pipeline)
    scheduler.save_config(pipeline / "scheduler")
    for part, module in (("text_encoder", text), ("text_encoder_2", text_2)):
        save_transformer(module, pipeline / part)
    for part, module in (("unet", unet), ("vae", vae)):
        module.save_config(pipeline / part)
        save_half(module, pipeline / part / "diffusion_pytorch_model.safetensors")


def golden(name, fixture, out):
    pipe = StableDiffusionXLPipeline.from_pretrained(fixture / "pipeline", torch_dtype=torch.float32, add_watermarker=False)
    unet, vae = pipe.unet.eval(), pipe.vae.eval()
    tensors, values = {}, {"name": name, "seed": SEED, "images": IMAGES, "side": SIDE}

    # text: both encoders' last but one hidden states, side by side, and the second one's pooled projection
    values["prompts"] = []
    conditions = []
    for i, prompt in enumerate(PROMPTS):
        ids = [
            t(prompt, padding="max_length", max_length=t.model_max_length, truncation=True, return_tensors="pt").input_ids
            for t in (pipe.tokenizer, pipe.tokenizer_2)
        ]
        values["prompts"].append({"prompt": prompt, "input_ids": ids[0][0].tolist(), "input_ids_2": ids[1][0].tolist()})
        embeds, _, pooled, _ = pipe.encode_prompt(prompt, device="cpu", do_classifier_free_guidance=False)
        tensors[f"text.{i}"], tensors[f"text.{i}.pooled"] = embeds, pooled
        tensors[f"text.{i}.encoder"] = pipe.text_encoder(ids[0], output_hidden_states=True).hidden_states[-2]
        second = pipe.text_encoder_2(ids[1], output_hidden_states=True)
        tensors[f"text.{i}.encoder_2"] = second.hidden_states[-2]
        tensors[f"text.{i}.encoder_2.last_hidden_state"] = second.last_hidden_state
        assert torch.equal(embeds, torch.cat([tensors[f"text.{i}.encoder"], tensors[f"text.{i}.encoder_2"]], -1))
        assert torch.equal(pooled, second.text_embeds)
        conditions.append((embeds, pooled))
    negatives = {}
    for kind, negative in (("none", None), ("empty", "")):
        _, embeds, _, pooled = pipe.encode_prompt(PROMPTS[1], device="cpu", negative_prompt=negative)
        tensors[f"negative.{kind}"], tensors[f"negative.{kind}.pooled"] = embeds, pooled
        negatives[kind] = (embeds, pooled)
    assert not negatives["none"][0].any() and not negatives["none"][1].any()
    assert torch.equal(negatives["empty"][0], conditions[0][0]) and torch.equal(negatives["empty"][1], conditions[0][1])

    # pictures to latents
    picture = torch.cat([pixels(image, (SIDE, SIDE)) for image in IMAGES])
    tensors["pixels"] = picture
    moments = vae.encode(picture.float() / 255 * 2 - 1).latent_dist
    noise = torch.randn(moments.mean.shape, generator=torch.Generator().manual_seed(SEED + 4))
    tensors["vae.mean"], tensors["vae.logvar"], tensors["vae.noise"] = moments.mean, moments.logvar, noise
    factor = vae.config.scaling_factor
    latents = (moments.mean + torch.exp(0.5 * moments.logvar.clamp(-30, 20)) * noise) * factor
    latents = latents / latents.std()
    values["latent_scale"] = f"latents = (mean + std * noise) * {factor}, then divided by their own standard deviation"
    tensors["latents"] = latents
    tensors["vae.decoded"] = vae.decode(latents / factor).sample

    # the network
    time_ids = pipe._get_add_time_ids(
        (SIDE, SIDE), (0, 0), (SIDE, SIDE), torch.float32, pipe.text_encoder_2.config.projection_dim
    )
    taps = Taps(unet)
    added = {}
    unet.add_embedding.register_forward_hook(lambda m, args, result: added.update(input=args[0], output=result))
    unet.time_embedding.register_forward_hook(lambda m, args, result: added.update(time=result))

    def network(z, timestep, condition):
        embeds, pooled = condition
        n = z.shape[0]
        return unet(
            z,
            torch.full((n,), timestep),
            encoder_hidden_states=embeds.expand(n, -1, -1),
            added_cond_kwargs={"text_embeds": pooled.expand(n, -1), "time_ids": time_ids.expand(n, -1)},
        ).sample

    tensors["time_ids"] = time_ids
    tensors["time_ids.projected"] = unet.add_time_proj(time_ids.flatten()).reshape(1, -1)
    for t in (-1.0, 0.0, 501.0):
        tensors[f"unet.t{int(t)}"] = network(latents, t, conditions[1])
    tensors["add_embedding.input"], tensors["add_embedding"] = added["input"][:1], added["output"][:1]
    tensors["time_embedding.t501"] = added["time"][:1]
    for i, feature in enumerate(taps.layers()):
        tensors[f"unet.t501.layer{i + 1}"] = feature
    for i, output in enumerate(taps.up_blocks()):
        tensors[f"unet.t501.up{i + 1}"] = output
    tensors["unet.t501.negative.none"] = network(latents, 501.0, negatives["none"])
    values["layers"] = taps.channels
    values["alphas_cumprod"] = {str(t): float(alphas_cumprod()[t]) for t in (0, 1, 20, 500, 900, 999)}

    # whole runs
    walk = Walk(network, taps)
    values["steps"], values["saved_indices"], values["guidance_scale"] = STEPS, SAVE, GUIDANCE
    features, trajectory = walk.run(latents, STEPS, True, conditions[0], save=SAVE)
    tensors["inversion.trajectory"] = torch.stack(trajectory)
    for index in SAVE:
        for i, feature in enumerate(features[index]):
            tensors[f"inversion.s{index}.layer{i + 1}"] = feature
    start = torch.randn(latents.shape, generator=torch.Generator().manual_seed(SEED + 5))
    tensors["generation.noise"] = start
    for prefix, negative in (("generation", "none"), ("generation.empty_negative", "empty")):
        features, trajectory = walk.run(start, STEPS, False, conditions[1], negatives[negative], GUIDANCE, save=[5])
        tensors[f"{prefix}.trajectory"] = torch.stack(trajectory)
        tensors[f"{prefix}.s5.layer5"] = features[5][4]
    features, trajectory = walk.run(latents, 1, True, conditions[0], save=[0])
    tensors["one_step.layer1"], tensors["one_step.latent"] = features[0][0], trajectory[0]
    write_golden(out, tensors, values, provenance("diffusers", "transformers", "safetensors"))
