package io.github.dhf4j.backbones;

import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.PublishedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which files of a published vision transformer are read, and its preprocessor's, which people look at. */
final class PublishedTransformer {
    private static final String CONFIG = "config.json";

    private PublishedTransformer() {}

    /** The files; none if the repository is of no such family. */
    static List<String> select(PublishedFiles files, String backbone) throws IOException {
        Optional<JsonObject> config = files.config(CONFIG);
        Family family = config.isEmpty() ? null : Family.of(VisionTransformerCheckpoint.type(config.get()));
        if (family == null || !family.backbone().equals(backbone)) {
            return List.of();
        }
        List<String> chosen = new ArrayList<>(List.of(CONFIG));
        if (files.names().contains("preprocessor_config.json")) {
            chosen.add("preprocessor_config.json");
        }
        String weights = VisionTransformerCheckpoint.FILES.stream()
                .filter(files.names()::contains)
                .findFirst()
                .orElseThrow(() -> new IOException("weights must be in "
                        + String.join(" or ", VisionTransformerCheckpoint.FILES) + ", got "
                        + Texts.some(files.names()) + " (" + files.name() + "); name another repository"));
        chosen.add(weights);
        return chosen;
    }
}
