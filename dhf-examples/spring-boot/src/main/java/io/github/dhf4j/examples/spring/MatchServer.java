package io.github.dhf4j.examples.spring;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.Preset;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Matches two uploaded pictures: {@code curl -F first=@a.jpg -F second=@b.jpg localhost:8080/match}, and {@code /match.png} draws what
 * it found. One pipeline serves all requests; {@code application.properties} says of which model, and what a request may take.
 */
@SpringBootApplication(proxyBeanMethods = false)
public final class MatchServer {
    private MatchServer() {}

    /**
     * Starts the server.
     *
     * @param arguments Spring Boot's, such as {@code --server.port=8081 --dhf.preset=dinov2-small}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(MatchServer.class, arguments);
    }

    /** Closed at the end, which waits for descriptions that run. */
    @Bean(destroyMethod = "close")
    DescriptorPipeline pipeline(
            @Value("${dhf.model:}") String model,
            @Value("${dhf.weights:}") String weights,
            @Value("${dhf.preset:}") String preset)
            throws IOException {
        DescriptorPipelineBuilder builder = DescriptorPipeline.builder();
        if (!model.isEmpty()) {
            builder.model(model);
        }
        if (!weights.isEmpty()) {
            builder.weights(weights);
        }
        if (!preset.isEmpty()) {
            builder.preset(Preset.of(preset));
        }
        return builder.build();
    }

    @Bean
    Hyperfeatures.Images images(DescriptorPipeline pipeline) {
        return Hyperfeatures.using(pipeline);
    }

    @Bean
    MatchSlots slots(@Value("${dhf.at-once}") int atOnce, @Value("${dhf.wait}") Duration wait) {
        return new MatchSlots(atOnce, wait);
    }

    @Bean
    Uploads uploads(@Value("${dhf.max-pixels}") long maxPixels) {
        return new Uploads(maxPixels);
    }
}
