package io.github.dhf4j.eval.video;

import io.github.dhf4j.io.Texts;
import java.util.List;

/**
 * Videos that can be used, and an account of what cannot.
 *
 * @param name the data set and its part, for reports
 * @param sequences in the data set's order
 * @param remarks what was left out or is odd, a sentence each
 */
public record VideoSet(String name, List<VideoSequence> sequences, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param name as above
     * @param sequences as above
     * @param remarks as above
     */
    public VideoSet {
        sequences = List.copyOf(sequences);
        remarks = List.copyOf(remarks);
    }

    /**
     * How many frames there are.
     *
     * @return of all videos
     */
    public int frames() {
        return sequences.stream().mapToInt(sequence -> sequence.frames().size()).sum();
    }

    /**
     * Some of the videos.
     *
     * @param names theirs
     * @return a smaller set, in the order of this one
     * @throws IllegalArgumentException if there is none of a name
     */
    public VideoSet only(List<String> names) {
        List<String> known = sequences.stream().map(VideoSequence::name).toList();
        for (String wanted : names) {
            if (!known.contains(wanted)) {
                throw new IllegalArgumentException(
                        "video must be one of " + Texts.some(known) + ", got '" + wanted + "' (" + name + ")");
            }
        }
        return new VideoSet(
                name + ", only " + String.join(", ", names),
                sequences.stream().filter(video -> names.contains(video.name())).toList(),
                remarks);
    }

    @Override
    public String toString() {
        return name + ": " + frames() + " frames of " + sequences.size() + " videos";
    }
}
