package io.github.dhf4j.reproduction;

/** Files that rows of {@link Table1} need beside the diffusion checkpoint; a row whose files are not given is left out. */
public enum Table1Checkpoint {
    /** Another diffusion checkpoint. */
    SECOND_MODEL("--second-model", "DIR", "Checkpoint of the row Ours-SDv2-1."),
    /** Aggregation weights for the diffusion checkpoint. */
    WEIGHTS("--weights", "FILE", "Weights of the row Ours, instead of training them."),
    /** DINO's ViT-S. */
    DINO("--dino", "DIR|FILE", "Checkpoint of the row DINO."),
    /** DINOv2. */
    DINOV2(
            "--dinov2",
            "DIR|FILE",
            "Checkpoint of the rows DINOv2, SD-Layer-4 + DINOv2, SD + DINO, and Ours over DINOv2, which is trained."),
    /** ResNet-101. */
    RESNET("--resnet", "FILE", "torchvision's ResNet-101, for the row of hyperpixels and for --dhpf."),
    /** DHPF's gates. */
    DHPF("--dhpf", "FILE", "Checkpoint of the row DHPF; needs --resnet, which it does not hold."),
    /** CATs++. */
    CATS("--catspp", "FILE", "Checkpoint of the row CATs++, which holds its backbone."),
    /** MARCO's adapters. */
    MARCO("--marco", "FILE", "MARCO's adapters and upsampling, for the row MARCO; needs --marco-dinov2."),
    /** The DINOv2 under them. */
    MARCO_DINOV2("--marco-dinov2", "DIR|FILE", "The DINOv2 with registers (ViT-L) that --marco was trained on.");

    private final String option;
    private final String form;
    private final String description;

    Table1Checkpoint(String option, String form, String description) {
        this.option = option;
        this.form = form;
        this.description = description;
    }

    /**
     * Its name on the command line and in remarks of the table.
     *
     * @return such as {@code --dino}
     */
    public String option() {
        return option;
    }

    /**
     * What may be given.
     *
     * @return {@code DIR}, {@code FILE} or {@code DIR|FILE}
     */
    public String form() {
        return form;
    }

    /**
     * What it is for.
     *
     * @return a sentence
     */
    public String description() {
        return description;
    }
}
