package io.github.dhf4j.backbones;

import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of MARCO's file, told by its keys and shapes.
 *
 * @param blocks of the transformer that have an adapter, from 0
 * @param bottleneck width within an adapter
 * @param upscales how often the last map is doubled
 */
record MarcoForm(SortedSet<Integer> blocks, int bottleneck, int upscales) {
    private static final Pattern DOWN = Pattern.compile("dino\\.blocks\\.(\\d{1,4})\\.adapter\\.down_proj\\.weight$");
    private static final int MOST_UPSCALES = 4;

    /** The form for a network, or what is wrong with it. */
    static MarcoForm of(TensorFile file, VisionTransformerConfig network) throws IOException {
        SortedSet<Integer> blocks = new TreeSet<>();
        int bottleneck = 0;
        for (String key : file.tensors().keySet()) {
            Matcher down = DOWN.matcher(key);
            if (down.matches()) {
                blocks.add(Integer.parseInt(down.group(1)));
                bottleneck = bottleneck(file.require(key), network, file);
            }
        }
        int upscales = 0;
        while (upscales < MOST_UPSCALES && file.tensors().containsKey(upscale(upscales) + "conv1.weight")) {
            upscales++;
        }
        if (blocks.isEmpty()) {
            throw new IOException("file must hold MARCO's adapters, 'dino.blocks.N.adapter.*', got "
                    + Texts.some(file.tensors().keySet()) + " (" + file.path()
                    + "); give marco_release.pth of its authors");
        }
        if (blocks.last() >= network.layers()) {
            throw new IOException("MARCO's adapters must be of blocks below " + network.layers()
                    + ", which the DINOv2 checkpoint has, got " + blocks + " (" + file.path()
                    + "); give the DINOv2 that it was trained on");
        }
        return new MarcoForm(blocks, bottleneck, upscales);
    }

    private static int bottleneck(TensorInfo down, VisionTransformerConfig network, TensorFile file)
            throws IOException {
        long[] dimensions = down.dimensions();
        if (dimensions.length != 2 || dimensions[1] != network.hiddenSize()) {
            throw new IOException("MARCO's adapters must be of the DINOv2 checkpoint's width " + network.hiddenSize()
                    + ", got " + down + " (" + file.path() + "); give the DINOv2 that it was trained on");
        }
        return (int) dimensions[0];
    }

    /** Whether keys, within whatever wrapped them, are of such a file. */
    static boolean isOf(Set<String> keys) {
        return keys.stream().anyMatch(key -> DOWN.matcher(key).find());
    }

    static String adapter(int block) {
        return "dino.blocks." + block + ".adapter.";
    }

    static String upscale(int number) {
        return "upscale." + number + ".";
    }
}
