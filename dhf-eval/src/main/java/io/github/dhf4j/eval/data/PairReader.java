package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads data sets of one form. Those of this library are {@link PairDatasets#READERS}.
 *
 * <p>A program may bring its own: it makes a {@link PairDataset} of whatever it reads, and is either called by its owner
 * or given to {@link PairDatasets#read(Path, Path, PairDatasets.Selection, java.util.List)} beside the others. A data set
 * that is made by hand needs no reader at all. Readers of this library decode every image once and leave out, with a
 * remark, what cannot be used; of others nothing of the kind is checked.
 */
public interface PairReader {
    /**
     * What it reads, for texts that list the forms.
     *
     * @return such as {@code SPair-71k}; without a comma
     */
    String name();

    /**
     * What is to be known of a published data set before it is fetched.
     *
     * @param what it holds
     * @param from where it comes from
     * @param licence under which, as far as its publishers say
     * @param layout what its folder holds
     */
    record Known(String what, String from, String licence, String layout) {
        /** Of data sets whose pages and files, as far as they could be read, say nothing of it. */
        static final String NONE_FOUND = "none found stated";

        /** Of pictures that come from PASCAL VOC. */
        static final String OF_VOC = "pictures of PASCAL VOC and flickr, under flickr's terms of use";
    }

    /**
     * What is to be known of it, for lists of data sets.
     *
     * @return for a form of files of one's own, its layout and nothing else
     */
    default Known about() {
        return new Known("pairs of your own", "", "", name());
    }

    /**
     * Whether a file or folder looks like its form. Looks at names, not into files.
     *
     * @param data an existing file or folder
     * @param split the split that is wanted, where a folder holds a file a split
     * @return whether {@link #read} is worth a try
     * @throws IOException if the folder cannot be listed
     */
    boolean recognises(Path data, Split split) throws IOException;

    /**
     * Reads pairs.
     *
     * @param data what was recognised
     * @param images the folder of the images, where pairs are listed apart from them; null for where the form has them.
     *     Forms that bring their images pass it over.
     * @param selection which pairs; a form without splits has one for all, one that annotates pairs passes over how many
     *     are drawn
     * @return the pairs
     * @throws IOException if an annotation is missing or malformed, or no pair can be used
     */
    PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException;
}
