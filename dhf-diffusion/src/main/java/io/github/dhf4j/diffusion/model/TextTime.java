package io.github.dhf4j.diffusion.model;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Pooled text and six sizes beside the timestep ({@code addition_embed_type} text_time), as Stable Diffusion XL has them.
 *
 * @param timeWidth width that each of the six numbers is projected to
 * @param pooledWidth width of the pooled text
 */
public record TextTime(int timeWidth, int pooledWidth) {
    private static final String TYPE = "addition_embed_type";
    private static final String NAME = "text_time";
    private static final String TIME = "addition_time_embed_dim";
    private static final String INPUT = "projection_class_embeddings_input_dim";

    /** Original height and width, top and left of the crop, target height and width. */
    private static final int IDS = 6;

    /**
     * What is projected: the six numbers, and the pooled text before them.
     *
     * @return {@code projection_class_embeddings_input_dim}
     */
    public int inputWidth() {
        return IDS * timeWidth + pooledWidth;
    }

    /** Of a UNet's configuration; null where it adds nothing. */
    static @Nullable TextTime read(JsonConfig config, String where) throws IOException {
        if (config.text(TYPE, "").isEmpty()) {
            return null;
        }
        config.oneOf(TYPE, "", NAME);
        int time = config.integer(TIME, 0);
        if (time < 2 || time % 2 != 0) {
            throw new IOException("'" + TIME + "' must be even and 2 or more where '" + TYPE + "' is " + NAME + ", got "
                    + time + " (" + where + "); fetch the file again");
        }
        int input = config.integer(INPUT, 0);
        if (input <= (long) IDS * time) {
            throw new IOException("'" + INPUT + "' must be more than " + IDS + " times '" + TIME + "' " + time
                    + ", got " + input + " (" + where + "); fetch the file again");
        }
        return new TextTime(time, input - IDS * time);
    }

    void addTo(JsonObject json) {
        json.addProperty(TYPE, NAME);
        json.addProperty(TIME, timeWidth);
        json.addProperty(INPUT, inputWidth());
    }
}
