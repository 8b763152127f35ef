package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void ordinaryTextIsShownAsItIs() {
        assertThat(Texts.shown("down_blocks.0.conv1")).isEqualTo("down_blocks.0.conv1");
        assertThat(Texts.shown("\u732b \ud83d\ude00 \u00e9")).isEqualTo("\u732b \ud83d\ude00 \u00e9");
        assertThat(Texts.shown("")).isEmpty();
        assertThat(Texts.shown(null)).isEqualTo("nothing");
    }

    @Test
    void whatDoesNotPrintIsShownByItsCode() {
        assertThat(Texts.shown("a\nb\tc\u001b[31m")).isEqualTo("a\\u000ab\\u0009c\\u001b[31m");
        assertThat(Texts.shown("x\u202ey\u200bz\u2028")).isEqualTo("x\\u202ey\\u200bz\\u2028");
        assertThat(Texts.shown("half \ud83d of a pair")).isEqualTo("half \\ud83d of a pair");
        assertThat(Texts.shown("caf\ufffd\uf03a")).isEqualTo("caf?\\uf03a");
        assertThat(Texts.shown("\udb40\udc41")).isEqualTo("\\u{e0041}");
    }

    @Test
    void ofALongTextBothEndsAreShown() {
        String text = Texts.shown("begin" + "-".repeat(1_000_000) + "end");
        assertThat(text).hasSize(60).startsWith("begin").endsWith("end").contains("...");
    }

    @Test
    void listsAndMapsAreShownAsFarAsThereIsRoom() {
        assertThat(Texts.shown(List.of(1, "2", 3.5))).isEqualTo("[1, \"2\", 3.5]");
        assertThat(Texts.shown(new Object[] {Map.of("a", true), List.of(), Map.of()}))
                .isEqualTo("[{\"a\": true}, [], {}]");
        assertThat(Texts.shown(JsonParser.parseString("{\"a\": [1, null, \"x\"]}")))
                .isEqualTo("{\"a\": [1, null, \"x\"]}");
        assertThat(Texts.shown(Collections.nCopies(100_000_000, "abc")))
                .hasSize(60)
                .endsWith("...");
    }

    @Test
    void aListThatHoldsItselfIsShown() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        Map<Object, Object> map = new HashMap<>();
        map.put("self", map);
        assertThat(Texts.shown(list)).hasSize(60).startsWith("[[[");
        assertThat(Texts.shown(map)).hasSize(60).startsWith("{\"self\": {\"self\": ");
    }

    @Test
    void otherObjectsAreShownByTheirClass() {
        assertThat(Texts.shown(new Object() {
                    @Override
                    public String toString() {
                        throw new AssertionError("must not be called");
                    }
                }))
                .startsWith("a value of class");
        assertThat(Texts.shown(BigInteger.TWO.pow(10_000_000))).isEqualTo("a number of many digits");
    }

    @Test
    void ofManyNamesAFewAreNamed() {
        assertThat(Texts.some(List.of())).isEqualTo("nothing");
        assertThat(Texts.some(List.of("a", "b"))).isEqualTo("a, b");
        assertThat(Texts.some(Collections.nCopies(10, "n"))).isEqualTo("n, n, n, n, n, n, n, n and 2 more");
        assertThat(Texts.some(Collections.nCopies(700, "down_blocks.0.attentions.1.transformer_blocks.0.to_q")))
                .hasSizeLessThan(180)
                .startsWith("down_blocks.0.atte...ormer_blocks.0.to_q, ")
                .endsWith(" and 697 more");
        assertThat(Texts.some(List.of("line\nend"))).isEqualTo("line\\u000aend");
    }

    @Test
    void aReasonIsOneShortLine() {
        assertThat(Texts.reason(new IOException("first\u0007\nsecond"))).isEqualTo("first\\u0007");
        assertThat(Texts.reason(new IOException("x".repeat(5_000))))
                .hasSize(160)
                .endsWith("...");
        assertThat(Texts.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(Texts.reason(new NoSuchFileException("a/b.json"))).isEqualTo("no file a/b.json");
    }
}
