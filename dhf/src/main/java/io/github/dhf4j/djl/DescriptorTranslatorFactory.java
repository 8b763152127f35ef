package io.github.dhf4j.djl;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import io.github.dhf4j.feature.DescriptorMap;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;

/**
 * Translators to and from a {@link DescriptorBlockFactory}'s block: {@link Image} to {@link DescriptorMap}, and DJL Serving's {@link
 * Input} to {@link Output}: the bytes of an image file, in part {@code data} or the only one, to those of a safetensors file that
 * {@link DescriptorMap#load} reads. Stateless.
 */
public final class DescriptorTranslatorFactory implements TranslatorFactory {
    private static final long serialVersionUID = 1L;

    /** For DJL, which finds it by its name. */
    public DescriptorTranslatorFactory() {}

    @Override
    public Set<Pair<Type, Type>> getSupportedTypes() {
        return Set.of(new Pair<>(Image.class, DescriptorMap.class), new Pair<>(Input.class, Output.class));
    }

    @Override
    @SuppressWarnings("unchecked") // the types are compared by name
    public <I, O> Translator<I, O> newInstance(Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
            throws TranslateException {
        if (!isSupported(input, output)) {
            throw new TranslateException("types must be Image to DescriptorMap or Input to Output, got "
                    + input.getName() + " to " + output.getName());
        }
        if (!(model.getBlock() instanceof DescriptorBlock block)) {
            throw new TranslateException("the model's blockFactory must be " + DescriptorBlockFactory.class.getName()
                    + ", got a block of " + model.getBlock().getClass().getName() + " (" + model.getName() + ")");
        }
        return (Translator<I, O>)
                (input == Image.class
                        ? new ImageTranslator(block.pipeline())
                        : new ServingTranslator(block.pipeline()));
    }
}
