package io.github.dhf4j.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes in as an image, and what comes of its descriptors. A batch is a list of as many tensors, since images need not be of
 * one size; so DJL's stacking is never called.
 */
abstract class DescribingTranslator<I, O> implements Translator<I, O> {
    private static final String SIZES = "image sizes";

    private final DescriptorPipeline pipeline;

    DescribingTranslator(DescriptorPipeline pipeline) {
        this.pipeline = pipeline;
    }

    abstract RgbImage image(I input) throws IOException;

    abstract O answer(DescriptorMap map) throws IOException;

    /** Says to DJL that several images are one call. */
    @Override
    public Batchifier getBatchifier() {
        return Batchifier.STACK;
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<I> inputs) throws IOException {
        NDList tensors = new NDList();
        List<Size> sizes = new ArrayList<>();
        for (I input : inputs) {
            RgbImage image = image(input);
            sizes.add(image.size());
            tensors.add(DescriptorBlock.tensor(
                    context.getNDManager(), pipeline.extractor().resized(image)));
        }
        context.setAttachment(SIZES, sizes);
        return tensors;
    }

    @Override
    @SuppressWarnings("unchecked") // as it was attached
    public List<O> batchProcessOutput(TranslatorContext context, NDList list) throws IOException {
        List<O> answers = new ArrayList<>();
        for (DescriptorMap map : pipeline.maps(list.singletonOrThrow(), (List<Size>) context.getAttachment(SIZES))) {
            answers.add(answer(map));
        }
        return answers;
    }

    @Override
    public NDList processInput(TranslatorContext context, I input) throws IOException {
        return batchProcessInput(context, List.of(input));
    }

    @Override
    public O processOutput(TranslatorContext context, NDList list) throws IOException {
        return batchProcessOutput(context, list).get(0);
    }
}
