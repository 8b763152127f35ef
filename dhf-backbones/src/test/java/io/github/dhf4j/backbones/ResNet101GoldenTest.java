package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All 34 maps against torchvision, at full size with weights by formula. */
class ResNet101GoldenTest {
    private static final double CLOSE = 5e-5;

    @Test
    void maps() throws IOException {
        try (Golden golden = new Golden("baselines/resnet101");
                NDArray input = golden.tensor("input")) {
            JsonObject json = golden.json();
            List<String> keys = new ArrayList<>();
            json.getAsJsonArray("keys").forEach(key -> keys.add(key.getAsString()));
            FormulaTensors formula = new FormulaTensors(keys, ResNet101.parameterShapes(), name -> 1);
            assertThat(formula.values("conv1.weight", 64, 3, 7, 7)[0]).isEqualTo(Float.intBitsToFloat(0xBD85EFC5));
            Set<Integer> all =
                    new TreeSet<>(IntStream.range(0, ResNet101.MAPS).boxed().toList());
            List<Integer> seen = new ArrayList<>();
            try (ResNet101 network = new ResNet101(formula, "", Set.of())) {
                network.load(golden.manager(), DataType.FLOAT32);
                NDArray batch = input.getShape().dimension() == 3 ? input.expandDims(0) : input;
                network.forward(batch, all, (index, map) -> {
                    seen.add(index);
                    check(golden, json.getAsJsonArray("maps").get(index).getAsJsonObject(), index, map);
                });
            }
            assertThat(seen).containsExactlyElementsOf(all);
        }
    }

    private static void check(Golden golden, JsonObject expected, int index, NDArray map) {
        NDArray one = map.squeeze(0);
        JsonArray shape = expected.getAsJsonArray("shape");
        assertThat(one.getShape().get(0)).isEqualTo(shape.get(0).getAsLong()).isEqualTo(ResNet101.channels(index));
        float[] values = one.toFloatArray();
        double close = CLOSE * expected.get("std").getAsDouble();
        JsonArray indices = expected.getAsJsonArray("indices");
        for (int i = 0; i < indices.size(); i++) {
            JsonElement value = expected.getAsJsonArray("values").get(i);
            assertThat((double) values[indices.get(i).getAsInt()])
                    .as("map %d at %s", index, indices.get(i))
                    .isCloseTo(value.getAsDouble(), within(close));
        }
        String name = expected.get("name").getAsString();
        try {
            if (Set.of("stem", "layer2.0", "layer3.0", "layer4.0", "layer4.2").contains(name)) {
                golden.assertClose(name, one, CLOSE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
