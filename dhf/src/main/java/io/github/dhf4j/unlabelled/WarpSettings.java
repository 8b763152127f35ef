package io.github.dhf4j.unlabelled;

/**
 * How far random warps go; all are drawn evenly between none and this, to both sides.
 *
 * @param rotation degrees
 * @param scale factor by which things shrink or grow at most, 1 for none
 * @param shear share of the picture's side
 * @param perspective difference in scale from one side of the picture to the other, as a share
 * @param shift share of the picture's side
 * @param bend how far a thin plate spline moves nine places, as a share of the picture's side
 * @param mirror probability that left and right are swapped
 * @param colour 0 for none to 1 for any hue
 */
public record WarpSettings(
        double rotation,
        double scale,
        double shear,
        double perspective,
        double shift,
        double bend,
        double mirror,
        double colour) {
    /** Strong warps: what is left alike is what a thing is. */
    public static final WarpSettings STRONG = new WarpSettings(30, 1.4, 0.2, 0.2, 0.12, 0.08, 0.5, 1);

    /**
     * Checks the ranges.
     *
     * @param rotation as above
     * @param scale as above
     * @param shear as above
     * @param perspective as above
     * @param shift as above
     * @param bend as above
     * @param mirror as above
     * @param colour as above
     */
    public WarpSettings {
        boolean shares = perspective >= 0
                && perspective < 1
                && shear >= 0
                && shear < 1
                && shift >= 0
                && shift < 1
                && bend >= 0
                && bend < 0.5
                && mirror >= 0
                && mirror <= 1
                && colour >= 0
                && colour <= 1;
        if (!shares || !(rotation >= 0 && rotation <= 180) || !(scale >= 1 && scale <= 4)) {
            throw new IllegalArgumentException("warps must be of rotation 0 to 180, scale 1 to 4, bend 0 to 0.5 and"
                    + " shares 0 to 1, got " + rotation + ", " + scale + ", shear " + shear + ", perspective "
                    + perspective + ", shift " + shift + ", bend " + bend + ", mirror " + mirror + ", colour "
                    + colour);
        }
    }
}
