package io.github.dhf4j.djl;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import io.github.dhf4j.DescriptorPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Opens the pipeline that a DJL model runs; {@link DescriptorCriteria#builder} says by which arguments. Stateless. */
public final class DescriptorBlockFactory implements BlockFactory {
    private static final long serialVersionUID = 1L;

    /** For DJL, which finds it by its name. */
    public DescriptorBlockFactory() {}

    @Override
    public Block newBlock(Model model, Path modelPath, Map<String, ?> arguments) throws IOException {
        DescriptorPipeline pipeline = new PipelineArguments(modelPath, arguments)
                .builder()
                .device(model.getNDManager().getDevice())
                .build();
        model.getNDManager().attachInternal("pipeline of " + modelPath, pipeline);
        return new DescriptorBlock(pipeline);
    }
}
