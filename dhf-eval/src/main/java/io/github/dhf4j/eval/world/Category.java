package io.github.dhf4j.eval.world;

import java.util.Locale;
import java.util.function.Consumer;

/** What can be drawn. Three categories are never trained on: they stand for what CUB is to SPair-71k. */
public enum Category {
    /** An animal with hooves. */
    HORSE(Animals::horse, false, true),
    /** An animal with paws. */
    DOG(Animals::dog, false, true),
    /** Held out. */
    BIRD(Animals::bird, true, true),
    /** An animal with fins. */
    FISH(Animals::fish, false, true),
    /** A person from the front: left and right must not be mirrored. */
    PERSON(Animals::person, false, false),
    /** A vehicle. */
    CAR(Vehicles::car, false, true),
    /** Held out. */
    BUS(Vehicles::bus, true, true),
    /** A vehicle. */
    BICYCLE(Vehicles::bicycle, false, true),
    /** A vehicle. */
    PLANE(Vehicles::plane, false, true),
    /** A vehicle. */
    BOAT(Vehicles::boat, false, true),
    /** Furniture. */
    CHAIR(Things::chair, false, true),
    /** Furniture. */
    TABLE(Things::table, false, true),
    /** Held out. */
    LAMP(Things::lamp, true, true),
    /** A thing. */
    MUG(Things::mug, false, true),
    /** A thing. */
    GUITAR(Things::guitar, false, true);

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Consumer<Figure> draw;

    private final boolean heldOut;
    private final boolean flips;

    Category(Consumer<Figure> draw, boolean heldOut, boolean flips) {
        this.draw = draw;
        this.heldOut = heldOut;
        this.flips = flips;
    }

    /**
     * Whether the category is kept from training and validation.
     *
     * @return true for three of them
     */
    public boolean heldOut() {
        return heldOut;
    }

    /** Whether a mirrored view is one more view; of a person from the front it would swap left and right. */
    boolean flips() {
        return flips;
    }

    void draw(Figure figure) {
        draw.accept(figure);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
