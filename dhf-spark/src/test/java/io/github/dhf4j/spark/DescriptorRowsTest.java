package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** All that a map says, through a row and back. */
class DescriptorRowsTest {
    private static final Provenance MADE = new Provenance("{}", "f", "1", "engine", 1);

    private static final DescriptorMap MAP =
            new DescriptorMap(2, new Size(3, 1), new float[] {1, -2, 3, 0, 5, 6}, new Size(64, 48), new Size(32, 24));

    private static DescriptorMap again(DescriptorMap map) throws IOException {
        return DescriptorRows.map(DescriptorRows.of("a.png", "d", map, MapStorage.FLOAT32, MADE));
    }

    @Test
    void whatAMapSaysComesBack() throws IOException {
        DescriptorMap extended = MAP.withMatchSize(new Size(20, 10))
                .withExtent(new MapExtent(0.25, 0, 1, 0.5))
                .withConfidence(ConfidenceModel.DEFAULT);
        assertThat(again(extended)).isEqualTo(extended);
        assertThat(again(extended).confidence()).isEqualTo(ConfidenceModel.DEFAULT);
        DescriptorMap products = MAP.withProducts(new CellProducts(0.5, 0.25));
        assertThat(again(products)).isEqualTo(products);
        assertThat(again(MAP)).isEqualTo(MAP);
        assertThat(again(MAP).origin()).isNull();
    }

    @Test
    void mapsOfAnotherOriginAreRefusedAsEverywhere() throws IOException {
        OriginPart network = OriginPart.known("net", "1");
        DescriptorMap one = MAP.withOrigin(new DescriptorOrigin(network, OriginPart.known("weights", "2")));
        DescriptorMap other = MAP.withOrigin(new DescriptorOrigin(network, OriginPart.known("weights", "3")));
        again(one).requireComparable(one);
        DescriptorMap read = again(one);
        assertThatThrownBy(() -> read.requireComparable(other)).hasMessageContaining("of one origin");
    }

    @Test
    void damageIsASentence() {
        Row row = DescriptorRows.broken("a.png", null, "no image (a.png)", MADE);
        assertThatThrownBy(() -> DescriptorRows.map(row))
                .isInstanceOf(IOException.class)
                .hasMessage("picture must have descriptors, got none: no image (a.png)");
        Row cut = DescriptorRows.of("a.png", "d", MAP, MapStorage.INT8, MADE);
        Object[] cells = new Object[cut.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = i == cut.fieldIndex("values") ? new byte[5] : cut.get(i);
        }
        assertThatThrownBy(() -> DescriptorRows.map(Rows.of(DescriptorRows.columns(), cells)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 x 3 numbers in int8, got 5 bytes");
    }
}
