package io.github.dhf4j.djl;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;

/** DJL's image in, its descriptors out. */
final class ImageTranslator extends DescribingTranslator<Image, DescriptorMap> {
    ImageTranslator(DescriptorPipeline pipeline) {
        super(pipeline);
    }

    @Override
    RgbImage image(Image input) {
        return RgbImage.of(input);
    }

    @Override
    DescriptorMap answer(DescriptorMap map) {
        return map;
    }
}
