package io.github.dhf4j.diffusion.train;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vocabulary for CLIP's tokenizer that is learned from captions: byte pairs are joined, the most frequent first, until
 * every word of the captions is one token. Any other text is spelled with shorter tokens.
 *
 * <p>Source: Sennrich et al., arXiv 1508.07909, algorithm 1, on bytes as GPT-2 writes them.
 */
final class CaptionVocabulary {
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String WORD_END = "</w>";
    private static final Pattern WORDS = Pattern.compile("\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+");

    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();

    private CaptionVocabulary() {}

    static CaptionVocabulary learn(List<String> captions) {
        CaptionVocabulary vocabulary = new CaptionVocabulary();
        List<String> bytes = byteCharacters();
        vocabulary.tokens.addAll(bytes);
        bytes.forEach(character -> vocabulary.tokens.add(character + WORD_END));
        Map<List<String>, Integer> words = new LinkedHashMap<>();
        new TreeMap<>(counts(captions)).forEach((word, count) -> words.put(split(word, bytes), count));
        while (vocabulary.mergeOnce(words)) {
            // until no word has two tokens
        }
        vocabulary.tokens.add(START);
        vocabulary.tokens.add(END);
        return vocabulary;
    }

    private static Map<String, Integer> counts(List<String> captions) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String caption : captions) {
            Matcher matcher = WORDS.matcher(caption.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                counts.merge(matcher.group(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static List<String> split(String word, List<String> bytes) {
        byte[] utf = word.getBytes(StandardCharsets.UTF_8);
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < utf.length; i++) {
            String character = character(utf[i] & 0xff, bytes);
            pieces.add(i == utf.length - 1 ? character + WORD_END : character);
        }
        return pieces;
    }

    private boolean mergeOnce(Map<List<String>, Integer> words) {
        Map<List<String>, Integer> pairs = new LinkedHashMap<>();
        words.forEach((pieces, count) -> {
            for (int i = 0; i + 1 < pieces.size(); i++) {
                pairs.merge(List.of(pieces.get(i), pieces.get(i + 1)), count, Integer::sum);
            }
        });
        List<String> best = null;
        for (Map.Entry<List<String>, Integer> pair : pairs.entrySet()) {
            if (best == null || pair.getValue() > pairs.getOrDefault(best, 0)) {
                best = pair.getKey();
            }
        }
        if (best == null) {
            return false;
        }
        String joined = best.get(0) + best.get(1);
        merges.add(best.get(0) + " " + best.get(1));
        if (!tokens.contains(joined)) {
            tokens.add(joined);
        }
        Map<List<String>, Integer> merged = new LinkedHashMap<>();
        for (Map.Entry<List<String>, Integer> word : words.entrySet()) {
            List<String> pieces = new ArrayList<>();
            for (String piece : word.getKey()) {
                int last = pieces.size() - 1;
                if (last >= 0 && pieces.get(last).equals(best.get(0)) && piece.equals(best.get(1))) {
                    pieces.set(last, joined);
                } else {
                    pieces.add(piece);
                }
            }
            merged.put(pieces, word.getValue());
        }
        words.clear();
        words.putAll(merged);
        return true;
    }

    /** GPT-2's letters for bytes: printable ones stand for themselves, the others for letters from 256 on. */
    private static List<String> byteCharacters() {
        List<String> characters = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            if (isPrintable(b)) {
                characters.add(String.valueOf((char) b));
            }
        }
        int others = 0;
        for (int b = 0; b < 256; b++) {
            if (!isPrintable(b)) {
                characters.add(String.valueOf((char) (256 + others++)));
            }
        }
        return characters;
    }

    private static String character(int b, List<String> characters) {
        int place = 0;
        for (int other = 0; other < b; other++) {
            place += isPrintable(other) == isPrintable(b) ? 1 : 0;
        }
        int printable = 0;
        for (int other = 0; other < 256; other++) {
            printable += isPrintable(other) ? 1 : 0;
        }
        return characters.get(isPrintable(b) ? place : printable + place);
    }

    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    }

    int size() {
        return tokens.size();
    }

    long startId() {
        return tokens.indexOf(START);
    }

    long endId() {
        return tokens.indexOf(END);
    }

    /** Writes {@code vocab.json}, {@code merges.txt} and the two small files that name the special tokens. */
    void write(Path folder, int maxLength) throws IOException {
        Files.createDirectories(folder);
        JsonObject vocab = new JsonObject();
        for (int i = 0; i < tokens.size(); i++) {
            vocab.addProperty(tokens.get(i), i);
        }
        Files.writeString(folder.resolve("vocab.json"), vocab.toString());
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
        JsonObject special = new JsonObject();
        special.addProperty("bos_token", START);
        special.addProperty("eos_token", END);
        special.addProperty("unk_token", END);
        special.addProperty("pad_token", END);
        Files.writeString(folder.resolve("special_tokens_map.json"), special.toString());
        JsonObject config = special.deepCopy();
        config.addProperty("tokenizer_class", "CLIPTokenizer");
        config.addProperty("model_max_length", maxLength);
        config.addProperty("add_prefix_space", false);
        config.addProperty("errors", "replace");
        Files.writeString(folder.resolve("tokenizer_config.json"), config.toString());
    }
}
