package io.github.dhf4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.nn.Blocks;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.testing.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as a model of DJL's, in a program and as DJL Serving loads one. */
class DjlModelTest {
    private static final Path MODEL = Golden.fixtures().resolve("sd15/pipeline");
    private static final Path A = Golden.fixtures().resolve("images/a.png");

    @TempDir
    private Path folder;

    private static RgbImage wide() {
        byte[] rgb = new byte[3 * 50 * 20];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * i / 11);
        }
        return new RgbImage(50, 20, rgb);
    }

    private static DescriptorPipeline plain() throws Exception {
        return DescriptorPipeline.builder().model(MODEL).raw(4, 10).build();
    }

    @Test
    void aPredictorGivesThePipelinesMapsABatchAtOnce() throws Exception {
        Image a = ImageFactory.getInstance().fromFile(A);
        Image wide = ImageFactory.getInstance().fromImage(wide().toBufferedImage());
        Criteria<Image, DescriptorMap> criteria = DescriptorCriteria.builder()
                .optModelPath(MODEL)
                .optArgument("rawLayer", 4)
                .build();
        try (DescriptorPipeline plain = plain();
                ZooModel<Image, DescriptorMap> model = criteria.loadModel();
                Predictor<Image, DescriptorMap> predictor = model.newPredictor()) {
            List<DescriptorMap> expected = plain.describe(List.of(RgbImage.read(A), wide()));
            List<DescriptorMap> found = predictor.batchPredict(List.of(a, wide));
            assertThat(found).isEqualTo(expected);
            assertThat(found.get(1).imageSize()).isEqualTo(wide().size());
            found.get(0).requireComparable(expected.get(0));
            assertThat(predictor.predict(a)).isEqualTo(plain.describe(A));
        }
    }

    @Test
    void closingTheModelClosesThePipeline() throws Exception {
        Criteria<Image, DescriptorMap> criteria = DescriptorCriteria.builder()
                .optModelPath(MODEL)
                .optArgument("rawLayer", 4)
                .build();
        DescriptorPipeline pipeline;
        try (ZooModel<Image, DescriptorMap> model = criteria.loadModel()) {
            pipeline = ((DescriptorBlock) model.getBlock()).pipeline();
        }
        assertThatThrownBy(() -> pipeline.describe(A)).isInstanceOf(IllegalStateException.class);
    }

    /** What DJL Serving does with a folder: types Input and Output, all else from serving.properties. */
    private ZooModel<Input, Output> served(String... properties) throws Exception {
        Files.write(folder.resolve("serving.properties"), List.of(properties));
        return Criteria.builder()
                .setTypes(Input.class, Output.class)
                .optModelPath(folder)
                .build()
                .loadModel();
    }

    private static String[] with(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "engine=PyTorch";
        all[1] = "option.hasParameter=false";
        all[2] = "blockFactory=" + DescriptorBlockFactory.class.getName();
        all[3] = "translatorFactory=" + DescriptorTranslatorFactory.class.getName();
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    @Test
    void aFolderWithServingPropertiesAnswersRequests() throws Exception {
        try (DescriptorPipeline plain = plain();
                ZooModel<Input, Output> model = served(with("model=" + MODEL.toAbsolutePath(), "rawLayer=4"));
                Predictor<Input, Output> predictor = model.newPredictor()) {
            Input request = new Input();
            request.add(Files.readAllBytes(A));
            Input named = new Input();
            named.add("data", Files.readAllBytes(A));
            List<Output> answers = predictor.batchPredict(List.of(request, named));
            List<DescriptorMap> expected = plain.describe(List.of(RgbImage.read(A), RgbImage.read(A)));
            for (int i = 0; i < 2; i++) {
                Path answer = Files.write(
                        folder.resolve("answer.safetensors"),
                        answers.get(i).getData().getAsBytes());
                assertThat(DescriptorMap.load(answer)).isEqualTo(expected.get(i));
            }
            Input text = new Input();
            text.add("no picture".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> predictor.predict(text))
                    .isInstanceOf(TranslateException.class)
                    .hasMessageContaining("the request");
            assertThatThrownBy(() -> predictor.predict(new Input()))
                    .hasMessageContaining("a request must hold an image file, got none");
        }
    }

    @Test
    void argumentsThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> served(with("model=" + MODEL.toAbsolutePath(), "preset=paper")))
                .hasMessageContaining("one of model and preset must be given, got ");
        assertThatThrownBy(() -> served(with("model=" + MODEL.toAbsolutePath(), "rawLayer=four")))
                .hasMessageContaining("argument rawLayer must be a whole number, got four");
        assertThatThrownBy(() -> served(with("model=" + MODEL.toAbsolutePath(), "rawLayer=4", "calls=few")))
                .hasMessageContaining("calls must be 1 or more, or paper, got 'few'");
        assertThatThrownBy(() -> served(with("rawLayer=4"))).hasMessageContaining(folder.toString());
        DescriptorTranslatorFactory factory = new DescriptorTranslatorFactory();
        try (Model other = TorchEngine.newModel("other")) {
            other.setBlock(Blocks.identityBlock());
            assertThatThrownBy(() -> factory.newInstance(Image.class, DescriptorMap.class, other, Map.of()))
                    .isInstanceOf(TranslateException.class)
                    .hasMessageContaining("the model's blockFactory must be " + DescriptorBlockFactory.class.getName());
            assertThatThrownBy(() -> factory.newInstance(Image.class, String.class, other, Map.of()))
                    .hasMessageContaining("types must be Image to DescriptorMap or Input to Output, got");
        }
    }
}
