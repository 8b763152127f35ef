package io.github.dhf4j.feature;

/**
 * Says of a {@link DescriptorMap} that its descriptors are meant for plain products with cells, and not for cosines with pixels:
 * a network that was trained so says more by how long they are.
 *
 * <p>A point's descriptor is read between cells, where its share of the {@link MapExtent} falls of as many cells as there are,
 * without half a cell's shift, and at the border beyond the last. A cell that was found lies as many steps from the image's
 * upper left pixel as there are cells before it.
 *
 * <p>Source: MARCO, arXiv 2604.18267, and its authors' release.
 *
 * @param stepX from a cell to the next, as a share of the image's width; above 0
 * @param stepY from a cell to the one below, as a share of the image's height; above 0
 */
public record CellProducts(double stepX, double stepY) {
    /**
     * Checks the steps.
     *
     * @param stepX as above
     * @param stepY as above
     */
    public CellProducts {
        if (!(stepX > 0) || !(stepY > 0)) {
            throw new IllegalArgumentException("steps between cells must be above 0, got " + stepX + " and " + stepY);
        }
    }
}
