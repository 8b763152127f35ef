package io.github.dhf4j.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.SideNames;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidesTest {
    private static final List<Point> THREE = List.of(new Point(1, 1), new Point(2, 2), new Point(3, 3));

    private static KeypointPair pair(Path image, List<String> names, List<String> mirrored) {
        return new KeypointPair("p", image, image, THREE, THREE, names, mirrored, "thing", null, null);
    }

    @Test
    void wordsTellTheSide() {
        assertThat(SideNames.swapped("left ear")).isEqualTo("right ear");
        assertThat(SideNames.swapped("ear_RIGHT")).isEqualTo("ear_LEFT");
        assertThat(SideNames.swapped(List.of("Right", "leftover", "bright", "front left foot")))
                .containsExactly("Left", "leftover", "bright", "front right foot");
    }

    @Test
    void counterpartsAreFoundAmongThePointsOfAPair() {
        Path image = Path.of("a.png");
        List<String> names = List.of("left ear", "nose", "right ear");
        assertThat(pair(image, names, SideNames.swapped(names)).counterparts()).containsExactly(2, 1, 0);
        assertThat(pair(image, names, names).counterparts()).containsExactly(0, 1, 2);
        List<String> some = List.of("left ear", "nose", "nose");
        assertThat(pair(image, some, SideNames.swapped(some)).counterparts()).containsExactly(-1, 1, 2);
        assertThat(pair(image, List.of(), List.of()).counterparts()).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> pair(image, names, List.of())).hasMessageContaining("got 0 of 3");
    }

    @Test
    void listsKeepWhatIsNotTheWords(@TempDir Path folder) throws IOException {
        Path image = folder.resolve("a.png");
        PictureFiles.write(new RgbImage(4, 4, new byte[48]).toBufferedImage(), image);
        List<String> names = List.of("left foot", "seat", "right foot");
        Path list = folder.resolve("test.jsonl");
        for (List<String> mirrored : List.of(names, SideNames.swapped(names))) {
            PairLists.write(List.of(pair(image, names, mirrored)), list);
            assertThat(Files.readString(list).contains("mirrored_keypoints")).isEqualTo(mirrored == names);
            assertThat(PairLists.read(list, folder).pairs().get(0).mirroredKeypoints())
                    .isEqualTo(mirrored);
        }
        Files.writeString(
                list,
                "{\"source_path\":\"a.png\",\"target_path\":\"a.png\",\"source_points\":[[1,1]],\"target_points\":[[1,1]],"
                        + "\"keypoints\":[\"a\"],\"mirrored_keypoints\":[\"a\",\"b\"]}");
        assertThatThrownBy(() -> PairLists.read(list, folder)).hasMessageContaining("'mirrored_keypoints'");
    }

    @Test
    void spairsNumbersGoBothWays() {
        assertThat(SpairSides.mirrored("cat", "9")).isEqualTo("10");
        assertThat(SpairSides.mirrored("cat", "10")).isEqualTo("9");
        assertThat(SpairSides.mirrored("cat", "8")).isEqualTo("8");
        assertThat(SpairSides.mirrored("bus", "21")).isEqualTo("11");
        assertThat(SpairSides.mirrored("zebra", "1")).isEqualTo("1");
    }
}
