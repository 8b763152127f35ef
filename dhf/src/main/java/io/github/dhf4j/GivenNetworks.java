package io.github.dhf4j;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.JointCheckpoint;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The checkpoints that were given, held against the networks that weights were made for.
 *
 * @param given in the order in which they were given
 * @param madeFor the weights' networks by name and digest; empty where nobody knows them
 */
record GivenNetworks(List<Checkpoint> given, List<OriginPart> madeFor) {
    /** Opens all, or says which is missing or at another's place. */
    FeatureExtractor open(ExtractionSettings settings, TorchRuntime runtime) throws IOException {
        List<ExtractionSettings> wanted = settings.networks();
        if (wanted.size() > 1 || given.size() > 1) {
            requireAll(wanted);
        }
        FeatureExtractor extractor = JointCheckpoint.of(given).open(settings, runtime);
        try {
            requireInOrder(wanted, extractor.networks());
            return extractor;
        } catch (RuntimeException e) {
            extractor.close();
            throw e;
        }
    }

    private void requireAll(List<ExtractionSettings> wanted) {
        List<String> absent = new ArrayList<>();
        List<Checkpoint> left = new ArrayList<>(given);
        for (int n = 0; n < wanted.size(); n++) {
            Optional<Checkpoint> found = find(n, wanted, left);
            found.ifPresent(left::remove);
            if (found.isEmpty()) {
                absent.add(name(n, wanted));
            }
        }
        if (!absent.isEmpty()) {
            throw new IllegalArgumentException("weights must be given all " + wanted.size() + " networks that they were"
                    + " made for, " + names(wanted) + ", got " + names() + " and no " + String.join(", no ", absent)
                    + "; give each checkpoint in this order (--model DIR --model DIR, DescriptorPipeline.join)");
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("checkpoints must be those that the weights were made for, "
                    + names(wanted) + ", got " + names() + "; leave the others out, or train weights over all of them");
        }
        if (!JointCheckpoint.of(given).accepts(ExtractionSettings.joined(wanted))) {
            throw otherOrder(wanted);
        }
    }

    /** Of those that are left the one of the network's name, else one of its kind that is not another's by name. */
    private Optional<Checkpoint> find(int n, List<ExtractionSettings> wanted, List<Checkpoint> left) {
        List<Checkpoint> ofKind =
                left.stream().filter(each -> each.accepts(wanted.get(n))).toList();
        return ofKind.stream()
                .filter(each -> isNamed(n, each))
                .findFirst()
                .or(() -> ofKind.stream()
                        .filter(each -> IntStream.range(n + 1, madeFor.size()).noneMatch(other -> isNamed(other, each)))
                        .findFirst());
    }

    private boolean isNamed(int n, Checkpoint checkpoint) {
        return n < madeFor.size() && madeFor.get(n).name().equals(Texts.lastName(checkpoint.path()));
    }

    /** Two networks of one kind take one another's settings: their digests tell them apart. */
    private void requireInOrder(List<ExtractionSettings> wanted, List<FeatureExtractor> open) {
        for (int n = 0; n < open.size(); n++) {
            for (int other = n + 1; other < open.size(); other++) {
                if (given.get(n).accepts(wanted.get(other))
                        && given.get(other).accepts(wanted.get(n))
                        && isOf(n, open.get(other))
                        && !isOf(n, open.get(n))) {
                    throw otherOrder(wanted);
                }
            }
        }
    }

    private boolean isOf(int n, FeatureExtractor open) {
        Optional<String> digest = n < madeFor.size() ? madeFor.get(n).digest() : Optional.empty();
        return digest.isPresent() && digest.equals(open.origin().digest());
    }

    private IllegalArgumentException otherOrder(List<ExtractionSettings> wanted) {
        return new IllegalArgumentException("checkpoints must come in the order of the weights' networks, "
                + names(wanted) + ", got " + names() + "; give them in that order");
    }

    private String names() {
        return given.stream()
                .map(each -> Texts.lastName(each.path()) + " (" + each.backbone() + ")")
                .collect(Collectors.joining(" and "));
    }

    private String names(List<ExtractionSettings> wanted) {
        return IntStream.range(0, wanted.size()).mapToObj(n -> name(n, wanted)).collect(Collectors.joining(" and "));
    }

    private String name(int n, List<ExtractionSettings> wanted) {
        String process = wanted.get(n).process().word();
        return n < madeFor.size() ? madeFor.get(n).name() + " (" + process + ")" : process;
    }
}
