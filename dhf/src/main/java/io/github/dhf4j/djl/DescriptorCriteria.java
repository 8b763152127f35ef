package io.github.dhf4j.djl;

import ai.djl.modality.cv.Image;
import ai.djl.repository.zoo.Criteria;
import io.github.dhf4j.feature.DescriptorMap;

/**
 * A pipeline by DJL's criteria, for programs that load all their models that way.
 *
 * {@snippet file="SnippetsTest.java" region="djl"}
 *
 * <p>The model owns the pipeline: closing it frees the networks. Its predictors are as safe for several threads as DJL's are: one
 * each. {@code batchPredict} runs its images as one batch.
 */
public final class DescriptorCriteria {
    private DescriptorCriteria() {}

    /**
     * Begins criteria of which only the model is missing: {@code optModelPath} for a checkpoint's folder, or a folder with a
     * {@code serving.properties} that names one.
     *
     * <p>Arguments ({@code optArgument}, or keys of {@code serving.properties}) say the rest, as options of the command line do:
     *
     * <ul>
     *   <li>{@code model}: another checkpoint, by path or by its name on the hub; a path may be relative to the folder
     *   <li>{@code preset}: a published model by its name, in place of a checkpoint
     *   <li>{@code weights}: aggregation weights, by path or by name
     *   <li>{@code unet}: another UNet's weights, by path or by name
     *   <li>{@code rawLayer}, {@code rawSaveIndex}: a raw map in place of weights; the save index is 10 unless it is named
     *   <li>{@code calls}: how many calls of the network an image takes, or {@code paper}
     * </ul>
     *
     * <p>Loading throws {@link java.io.IOException} where a file is missing, damaged or not supported, and {@link
     * IllegalArgumentException} where arguments do not fit one another or the checkpoint, as {@link
     * io.github.dhf4j.DescriptorPipelineBuilder#build} does.
     *
     * @return DJL's builder
     */
    public static Criteria.Builder<Image, DescriptorMap> builder() {
        return Criteria.builder()
                .setTypes(Image.class, DescriptorMap.class)
                .optEngine("PyTorch")
                .optArgument("blockFactory", new DescriptorBlockFactory())
                .optTranslatorFactory(new DescriptorTranslatorFactory())
                .optOption("hasParameter", "false");
    }
}
