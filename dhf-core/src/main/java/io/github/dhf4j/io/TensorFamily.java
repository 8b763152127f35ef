package io.github.dhf4j.io;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files of tensors that people have, told by the tensors' names. The first that fits is it. */
enum TensorFamily {
    LORA(
            "(?:.*[._])?(?:lora_[ABa-z].*|lora_(?:up|down|unet|te\\d?)[._].*|.*_lora\\.(?:up|down)\\..*|hada_w\\d.*|lokr_w\\d.*)",
            "a LoRA, which changes a checkpoint and is none itself",
            "load it into the pipeline in diffusers, fuse it (fuse_lora, save_pretrained) and give that folder"),
    SINGLE_FILE_XL(
            "conditioner\\.embedders\\..*",
            "a single-file checkpoint of SDXL",
            "unpack it with diffusers (StableDiffusionXLPipeline.from_single_file(FILE).save_pretrained(DIR)) and give DIR"),
    SINGLE_FILE_FLUX(
            "(?:model\\.diffusion_model\\.)?(?:double_blocks|joint_blocks)\\..*",
            "a diffusion transformer (Flux or SD 3)",
            "Stable Diffusion 1.x, 2.x and XL are supported, as folders in the diffusers layout"),
    CONTROL(
            "(?:control_model\\.|controlnet_).*",
            "a ControlNet",
            "give the Stable Diffusion checkpoint that it was made for"),
    SINGLE_FILE(
            "(?:state_dict\\.)?(?:model\\.diffusion_model|first_stage_model|cond_stage_model|model_ema)\\..*",
            "a single-file Stable Diffusion checkpoint",
            "unpack it with diffusers (StableDiffusionPipeline.from_single_file(FILE).save_pretrained(DIR)) and give DIR"),
    AGGREGATION(
            "(?:aggregation_network\\.)?mixing_weights",
            "aggregation weights",
            "give them as weights (weights(...), --weights) beside the checkpoint that they were made for"),
    FEATURES("s\\d{1,6}\\.layer\\d{1,6}", "kept feature maps", "give the checkpoint that they were made with"),
    DESCRIPTORS("descriptors", "a kept descriptor map", "give the checkpoint that it was made with"),
    VAE(
            "(?:en|de)coder\\.(?:down|up)_blocks?\\..*",
            "an autoencoder (VAE), one part of a pipeline",
            "give the pipeline's folder, the one with model_index.json"),
    UNET(
            "(?:down|up)_blocks\\.\\d+\\.(?:resnets|attentions)\\..*",
            "a UNet, one part of a pipeline",
            "give the pipeline's folder, the one with model_index.json"),
    DINOV3(
            "(?:.*\\.)?(?:rope_embed\\.periods|storage_tokens)",
            "a DINOv3 network as its authors name its tensors",
            "give it in the transformers layout, a folder with config.json"),
    CLIP(
            "(?:.*\\.)?vision_model\\..*",
            "a CLIP or SigLIP model, which is not supported",
            "give a checkpoint of a supported network"),
    TEXT(
            "(?:text_model\\.)?(?:encoder\\.layers|embeddings\\.token_embedding)\\..*",
            "a text encoder, one part of a pipeline",
            "give the pipeline's folder, the one with model_index.json"),
    VIT(
            "(?:.*\\.)?(?:patch_embed\\.proj|patch_embeddings\\.projection)\\.weight",
            "a vision transformer, not as DINO's or DINOv2's authors name its tensors",
            "give its folder, the one with config.json, or name the backbone to be told what does not fit"),
    RESNET(
            "(?:.*\\.)?layer\\d\\.\\d+\\.conv\\d\\.weight",
            "a ResNet other than ResNet-101",
            "give torchvision's ResNet-101, or a checkpoint of another supported network"),
    EMBEDDING(
            "string_to_param\\..*|emb_params|<.*>",
            "a textual inversion embedding",
            "load it into the pipeline in diffusers, save the pipeline and give that folder");

    private final String names;
    private final String what;
    private final String remedy;

    TensorFamily(String names, String what, String remedy) {
        this.names = names;
        this.what = what;
        this.remedy = remedy;
    }

    PathKind kind() {
        return PathKind.known(what, remedy);
    }

    static @Nullable TensorFamily of(Collection<String> tensors) {
        for (TensorFamily family : values()) {
            if (tensors.stream()
                    .anyMatch(Pattern.compile(family.names, Pattern.DOTALL).asMatchPredicate())) {
                return family;
            }
        }
        return null;
    }
}
