package io.github.dhf4j.backbones;

import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a network's tensors are in a file: under the one prefix under which its keys are found, whatever wrapped it
 * ({@code module.}, {@code teacher.backbone.}, {@code dinov2.}). Of several networks the teacher is taken. What training
 * leaves beside a backbone (heads, losses, the student, the optimiser) is passed over by name; every other key stays, so
 * that whoever reads the network refuses it.
 *
 * @param prefix what the network's keys begin with
 * @param names names without the prefix, and those of the file for them
 * @param ignored how many keys were passed over
 */
record NetworkKeys(String prefix, Map<String, String> names, int ignored) {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkKeys.class);

    private static final int LONGEST = 60;

    /** First parts of a key that say nothing. */
    private static final Pattern WRAPPERS =
            Pattern.compile("(?:(?:module|model|state_dict|_orig_mod|base_model|network|net|teacher|ema)\\.)+");

    private static final Pattern BESIDE = Pattern.compile("(?:[a-z0-9]+_)*(?:heads?|classifier|fc|pooler|neck|decoder"
            + "|projector|projection|predictor|prototypes|queue|loss|criterion|center|student|optimizer|optim|scheduler"
            + "|scaler|logit|epoch|iteration|step)(?:_[a-z0-9]+)*\\d*");

    private static final Pattern UNUSED = Pattern.compile("(?:.*\\.)?(?:num_batches_tracked|mask_token)");

    /**
     * Finds a network.
     *
     * @param keys all keys of a file
     * @param required some that the network must have, without a prefix
     * @param path the file, for messages
     * @return where it is, or null if it is not there
     * @throws IOException if it is there several times and none is the teacher
     */
    static @Nullable NetworkKeys find(Set<String> keys, List<String> required, Path path) throws IOException {
        List<String> prefixes = prefixes(keys, required);
        return prefixes.isEmpty() ? null : of(keys, prefixes, choice(prefixes, path));
    }

    /** Under which prefixes the required keys are found. */
    static List<String> prefixes(Set<String> keys, List<String> required) {
        List<String> prefixes = new ArrayList<>();
        String first = required.get(0);
        for (String key : keys) {
            String prefix = key.endsWith(first) ? key.substring(0, key.length() - first.length()) : "?";
            if ((prefix.isEmpty() || prefix.endsWith("."))
                    && required.stream().allMatch(name -> keys.contains(prefix + name))) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }

    /** What was chosen and passed over, in words; empty if the file holds the network and nothing else. */
    String note() {
        return ignored == 0 && prefix.isEmpty()
                ? ""
                : (prefix.isEmpty() ? "the network's tensors" : "tensors under " + Texts.shown(prefix)) + " are read, "
                        + ignored + " others (heads, losses, students, counters) passed over";
    }

    private static String choice(List<String> prefixes, Path path) throws IOException {
        if (prefixes.size() == 1) {
            return prefixes.get(0);
        }
        for (String wanted : List.of("teacher", "ema")) {
            List<String> found = prefixes.stream()
                    .filter(prefix -> prefix.matches("(?:.*[._])?" + wanted + "[._].*"))
                    .toList();
            if (found.size() == 1) {
                LOG.info("{} holds several networks, under {}; that under {} is read", path, prefixes, found.get(0));
                return found.get(0);
            }
        }
        throw new IOException("file must hold one network, or one that is called teacher, got several under "
                + Texts.some(prefixes) + " (" + path + "); save one of them by itself");
    }

    private static NetworkKeys of(Set<String> keys, List<String> prefixes, String prefix) {
        List<String> others = new ArrayList<>(prefixes);
        others.remove(prefix);
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : keys) {
            boolean isInside = key.startsWith(prefix);
            String name = isInside ? key.substring(prefix.length()) : key;
            boolean isOther = others.stream().anyMatch(other -> !other.isEmpty() && key.startsWith(other));
            if (!isOther && !isBeside(name)) {
                names.put(name, key);
            }
        }
        return new NetworkKeys(prefix, Collections.unmodifiableMap(names), keys.size() - names.size());
    }

    /** Whether a key is of what stands beside a backbone. */
    private static boolean isBeside(String name) {
        String bare = WRAPPERS.matcher(name).replaceFirst("");
        int dot = bare.indexOf('.');
        String first = dot < 0 ? bare : bare.substring(0, dot);
        return (first.length() <= LONGEST && BESIDE.matcher(first).matches())
                || UNUSED.matcher(name).matches();
    }
}
