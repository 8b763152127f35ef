package io.github.dhf4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What was probably meant by a word that is not known. */
final class Spelling {
    private Spelling() {}

    /** The known word that begins the given one, or is at most a third of its letters away. */
    static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(each -> (each.length() > 2 && word.startsWith(each))
                        || distance(word, each) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt(each -> distance(word, each)));
    }

    /** How many letters must be put in, left out or changed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
