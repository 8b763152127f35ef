package io.github.dhf4j.djl;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.BytesSupplier;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bytes of an image file in, those of a safetensors file of descriptors out. */
final class ServingTranslator extends DescribingTranslator<Input, Output> {
    ServingTranslator(DescriptorPipeline pipeline) {
        super(pipeline);
    }

    @Override
    RgbImage image(Input input) throws IOException {
        @Nullable BytesSupplier data = input.getData();
        if (data == null) {
            throw new IOException("a request must hold an image file, got none");
        }
        return RgbImage.read(data.getAsBytes(), "the request");
    }

    @Override
    Output answer(DescriptorMap map) throws IOException {
        Path file = Files.createTempFile("descriptors", ".safetensors");
        try {
            map.save(file);
            Output output = new Output();
            output.addProperty("Content-Type", "application/octet-stream");
            output.add(Files.readAllBytes(file));
            return output;
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
