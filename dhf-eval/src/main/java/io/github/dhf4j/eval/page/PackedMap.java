package io.github.dhf4j.eval.page;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * A descriptor map in a byte a number: each cell's descriptor, divided by its largest number and times 127, rounded. What is
 * lost is at most half of a 127th of that largest number in each channel.
 */
record PackedMap(DescriptorMap map, byte[] cells, float[] scales) {
    private static final int STEPS = 127;

    static PackedMap of(DescriptorMap map) {
        int channels = map.channels();
        int count = map.size().width() * map.size().height();
        float[] values = map.values();
        byte[] cells = new byte[count * channels];
        float[] scales = new float[count];
        for (int p = 0; p < count; p++) {
            float largest = 0;
            for (int c = 0; c < channels; c++) {
                largest = Math.max(largest, Math.abs(values[c * count + p]));
            }
            scales[p] = largest / STEPS;
            for (int c = 0; c < channels && largest > 0; c++) {
                cells[p * channels + c] = (byte) Math.round(values[c * count + p] / largest * STEPS);
            }
        }
        return new PackedMap(map, cells, scales);
    }

    /** What the page matches with. */
    DescriptorMap unpacked() {
        int channels = map.channels();
        float[] values = new float[cells.length];
        for (int p = 0; p < scales.length; p++) {
            for (int c = 0; c < channels; c++) {
                values[c * scales.length + p] = cells[p * channels + c] * scales[p];
            }
        }
        return new DescriptorMap(channels, map.size(), values, map.imageSize(), map.loadSize())
                .withMatchSize(map.matchSize())
                .withExtent(map.extent())
                .withConfidence(map.confidence());
    }

    JsonObject toJson() {
        ByteBuffer floats = ByteBuffer.allocate(scales.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(scales);
        JsonObject json = new JsonObject();
        json.addProperty("columns", map.size().width());
        json.addProperty("rows", map.size().height());
        json.add(
                "grid",
                Json.array(List.of(map.matchSize().width(), map.matchSize().height())));
        json.add(
                "extent",
                Json.array(List.of(
                        map.extent().left(),
                        map.extent().top(),
                        map.extent().right(),
                        map.extent().bottom())));
        json.addProperty("cells", base64(cells));
        json.addProperty("scales", base64(floats.array()));
        return json;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
