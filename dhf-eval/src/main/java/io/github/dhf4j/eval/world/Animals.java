package io.github.dhf4j.eval.world;

/** Horse, dog, bird, fish and person. */
final class Animals {
    private Animals() {}

    /** A leg of two limbs that ends in a foot; gives the foot's place. */
    private static double[] leg(
            Figure f, String surface, double x, double y, double length, double bend, double light, int[] part) {
        double kneeX = x + length * 0.5 * StrictMath.sin(bend);
        double kneeY = y + length * 0.5 * StrictMath.cos(bend);
        double footX = kneeX - length * 0.5 * StrictMath.sin(bend * 0.7);
        double footY = kneeY + length * 0.5 * StrictMath.cos(bend * 0.7);
        f.part(surface, Shape.limb(x, y, kneeX, kneeY, 0.1, 0.07), light);
        part[0] = f.part(surface, Shape.limb(kneeX, kneeY, footX, footY, 0.07, 0.055), light);
        return new double[] {footX, footY};
    }

    private static void legs(
            Figure f, double backX, double frontX, double y, double length, double light, String side, String word) {
        int[] part = new int[1];
        double[] back = leg(f, "coat", backX, y, length, f.in(-0.4, 0.4), light, part);
        f.point("back " + side + " " + word, back[0], back[1], part[0]);
        double[] front = leg(f, "coat", frontX, y, length, f.in(-0.4, 0.4), light, part);
        f.point("front " + side + " " + word, front[0], front[1], part[0]);
    }

    static void horse(Figure f) {
        double half = f.in(0.42, 0.56);
        double girth = f.in(0.19, 0.26);
        double leg = f.in(0.55, 0.75);
        legs(f, -half + 0.2, half - 0.12, 0.12, leg, 0.65, "far", "hoof");
        double tailX = -half - f.in(0.15, 0.3);
        double tailY = f.in(0.1, 0.45);
        int tail = f.part("mane", Shape.limb(-half + 0.02, -0.12, tailX, tailY, 0.05, 0.09));
        f.point("tail tip", tailX, tailY, tail);
        double headX = half + f.in(0.22, 0.36);
        double headY = -f.in(0.5, 0.72);
        f.part("coat", Shape.limb(half - 0.1, -0.05, headX - 0.06, headY, 0.17, 0.1));
        f.part("mane", Shape.limb(half - 0.14, -0.2, headX - 0.16, headY - 0.02, 0.06, 0.05));
        int body = f.part("coat", Shape.ellipse(0, 0, half, girth, f.in(-4, 4)));
        f.point("withers", half - 0.2, -girth * 0.82, body).point("rump", -half + 0.12, -girth * 0.6, body);
        double drop = f.in(0.16, 0.34);
        double noseX = headX + f.in(0.18, 0.26);
        int head = f.part("coat", Shape.limb(headX - 0.06, headY, noseX, headY + drop, 0.1, 0.07));
        f.point("nose", noseX, headY + drop, head);
        int ear = f.part(
                "coat", Shape.polygon(headX - 0.12, headY - 0.06, headX - 0.07, headY - 0.26, headX, headY - 0.06));
        f.point("ear", headX - 0.07, headY - 0.22, ear);
        int eye = f.part("eye", Shape.ellipse(headX + 0.02, headY + 0.01, 0.035, 0.03, 0));
        f.point("eye", headX + 0.02, headY + 0.01, eye);
        legs(f, -half + 0.12, half - 0.2, 0.1, leg, 1, "near", "hoof");
    }

    static void dog(Figure f) {
        double half = f.in(0.4, 0.62);
        double girth = f.in(0.17, 0.24);
        double leg = f.in(0.32, 0.5);
        legs(f, -half + 0.2, half - 0.1, 0.1, leg, 0.65, "far", "paw");
        double tailX = -half - f.in(0.1, 0.26);
        double tailY = -f.in(0.25, 0.55);
        int tail = f.part("coat", Shape.limb(-half + 0.04, -0.08, tailX, tailY, 0.06, 0.03));
        f.point("tail tip", tailX, tailY, tail);
        int body = f.part("coat", Shape.limb(-half + 0.12, 0, half - 0.12, -0.02, girth * 0.9, girth));
        f.point("rump", -half + 0.02, -girth * 0.5, body);
        double headX = half + f.in(0.08, 0.2);
        double headY = -f.in(0.28, 0.48);
        f.part("coat", Shape.limb(half - 0.14, -0.06, headX, headY, 0.15, 0.12));
        int collar = f.part("collar", Shape.limb(half - 0.02, headY + 0.22, half + 0.12, headY + 0.16, 0.045, 0.045));
        f.point("collar", half + 0.05, headY + 0.19, collar);
        f.part("coat", Shape.ellipse(headX, headY, 0.19, 0.17, 0));
        double noseX = headX + f.in(0.24, 0.38);
        double noseY = headY + f.in(0.03, 0.1);
        f.part("snout", Shape.limb(headX + 0.1, headY + 0.04, noseX, noseY, 0.1, 0.07));
        int nose = f.part("eye", Shape.ellipse(noseX + 0.04, noseY - 0.02, 0.045, 0.035, 0));
        f.point("nose", noseX + 0.04, noseY - 0.02, nose);
        double earY = headY + f.in(0.1, 0.26);
        int ear = f.part("ear", Shape.limb(headX - 0.1, headY - 0.1, headX - 0.16, earY, 0.06, 0.08));
        f.point("ear tip", headX - 0.16, earY + 0.03, ear);
        int eye = f.part("eye", Shape.ellipse(headX + 0.07, headY - 0.05, 0.035, 0.035, 0));
        f.point("eye", headX + 0.07, headY - 0.05, eye);
        legs(f, -half + 0.1, half - 0.2, 0.08, leg, 1, "near", "paw");
    }

    static void bird(Figure f) {
        double half = f.in(0.36, 0.5);
        double girth = f.in(0.2, 0.32);
        double tilt = f.in(-25, -5);
        double tailX = -half - f.in(0.25, 0.45);
        double tailY = f.in(0.15, 0.4);
        int tail = f.part(
                "tail",
                Shape.polygon(-half + 0.15, -0.05, tailX, tailY - 0.12, tailX - 0.04, tailY + 0.1, -half + 0.2, 0.2));
        f.point("tail tip", tailX, tailY, tail);
        double leg = f.in(0.25, 0.5);
        for (int side = 0; side < 2; side++) {
            double x = 0.02 + 0.16 * side;
            double footX = x + f.in(-0.05, 0.1);
            f.part("legs", Shape.limb(x, girth * 0.7, footX, girth + leg, 0.03, 0.025), side == 0 ? 0.7 : 1);
            int foot = f.part(
                    "legs", Shape.limb(footX, girth + leg, footX + 0.14, girth + leg, 0.03, 0.02), side == 0 ? 0.7 : 1);
            f.point(side == 0 ? "far foot" : "near foot", footX + 0.04, girth + leg, foot);
        }
        int body = f.part("body", Shape.ellipse(0, 0, half, girth, tilt));
        f.point("breast", half * 0.75, girth * 0.25, body);
        double headX = half + f.in(-0.06, 0.08);
        double headY = -f.in(0.3, 0.48);
        double headR = f.in(0.15, 0.21);
        double beak = f.in(0.14, 0.34);
        int bill = f.part(
                "beak",
                Shape.polygon(
                        headX + headR * 0.7,
                        headY - 0.08,
                        headX + headR + beak,
                        headY + 0.03,
                        headX + headR * 0.7,
                        headY + 0.1));
        f.point("beak tip", headX + headR + beak - 0.03, headY + 0.03, bill);
        f.part("body", Shape.limb(half * 0.6, -0.05, headX, headY, 0.17, 0.12));
        int head = f.part("head", Shape.ellipse(headX, headY, headR, headR * 0.95, 0));
        f.point("crown", headX, headY - headR * 0.85, head);
        int eye = f.part("eye", Shape.ellipse(headX + headR * 0.4, headY - 0.03, 0.04, 0.04, 0));
        f.point("eye", headX + headR * 0.4, headY - 0.03, eye);
        double wingX = -half * f.in(0.6, 1.0);
        double wingY = f.in(-0.35, 0.2);
        int wing = f.part("wing", Shape.limb(half * 0.25, -0.05, wingX, wingY, girth * 0.55, 0.05));
        f.point("wing tip", wingX, wingY, wing).point("shoulder", half * 0.3, -0.08, wing);
    }

    static void fish(Figure f) {
        double half = f.in(0.5, 0.7);
        double girth = f.in(0.2, 0.38);
        double spread = f.in(0.22, 0.42);
        double tailX = -half - f.in(0.2, 0.34);
        int tail = f.part("fins", Shape.polygon(-half + 0.1, 0, tailX, -spread, tailX + 0.1, 0, tailX, spread));
        f.point("tail top", tailX + 0.02, -spread + 0.05, tail).point("tail bottom", tailX + 0.02, spread - 0.05, tail);
        double finX = f.in(-0.25, 0.0);
        double fin = girth + f.in(0.12, 0.3);
        int dorsal = f.part("fins", Shape.polygon(-0.3, -girth * 0.6, finX, -fin, 0.3, -girth * 0.7));
        f.point("dorsal tip", finX, -fin + 0.03, dorsal);
        double bellyX = f.in(-0.25, 0.0);
        double belly = girth + f.in(0.06, 0.22);
        int anal = f.part("fins", Shape.polygon(-0.25, girth * 0.6, bellyX, belly, 0.15, girth * 0.7));
        f.point("belly fin tip", bellyX, belly - 0.03, anal);
        int body = f.part("scales", Shape.ellipse(0, 0, half, girth, 0));
        f.point("mouth", half - 0.03, 0.02, body);
        int gill = f.part("gill", Shape.limb(half * 0.45, -girth * 0.5, half * 0.42, girth * 0.5, 0.025, 0.025));
        f.point("gill", half * 0.44, 0, gill);
        int side = f.part("fins", Shape.limb(half * 0.3, girth * 0.25, half * 0.02, girth * 0.55, 0.04, 0.1));
        f.point("side fin", half * 0.05, girth * 0.52, side);
        int eye = f.part("eye", Shape.ellipse(half * 0.68, -girth * 0.25, 0.055, 0.055, 0));
        f.point("eye", half * 0.68, -girth * 0.25, eye);
    }

    static void person(Figure f) {
        double shoulder = f.in(0.2, 0.28);
        double hip = f.in(0.13, 0.2);
        double waist = f.in(0.05, 0.15);
        double thigh = f.in(0.34, 0.42);
        for (int side = -1; side <= 1; side += 2) {
            String word = side < 0 ? "right" : "left";
            double kneeX = side * hip * 0.6 + side * f.in(-0.06, 0.22);
            double kneeY = waist + thigh;
            double footX = kneeX + side * f.in(-0.12, 0.14);
            double footY = kneeY + f.in(0.32, 0.42);
            int upper = f.part("trousers", Shape.limb(side * hip * 0.6, waist, kneeX, kneeY, 0.12, 0.085));
            int lower = f.part("trousers", Shape.limb(kneeX, kneeY, footX, footY, 0.085, 0.06));
            int shoe = f.part("shoes", Shape.ellipse(footX + side * 0.04, footY + 0.03, 0.1, 0.055, 0));
            f.point(word + " knee", kneeX, kneeY, Math.max(upper, lower));
            f.point(word + " foot", footX + side * 0.04, footY + 0.03, shoe);
        }
        f.part("skin", Shape.limb(0, -0.45, 0, -0.62, 0.07, 0.07));
        f.part("shirt", Shape.polygon(-shoulder, -0.48, shoulder, -0.48, hip, waist + 0.05, -hip, waist + 0.05));
        int belt = f.part("belt", Shape.limb(-hip + 0.03, waist + 0.02, hip - 0.03, waist + 0.02, 0.035, 0.035));
        f.point("buckle", 0, waist + 0.02, belt);
        for (int side = -1; side <= 1; side += 2) {
            String word = side < 0 ? "right" : "left";
            double angle = f.in(0.1, 1.9);
            double elbowX = side * (shoulder + 0.3 * StrictMath.sin(angle));
            double elbowY = -0.44 + 0.3 * StrictMath.cos(angle);
            double angle2 = angle + f.in(-0.9, 0.9);
            double handX = elbowX + side * 0.28 * StrictMath.sin(angle2);
            double handY = elbowY + 0.28 * StrictMath.cos(angle2);
            f.part("shirt", Shape.limb(side * (shoulder - 0.04), -0.43, elbowX, elbowY, 0.085, 0.07));
            int lower = f.part("skin", Shape.limb(elbowX, elbowY, handX, handY, 0.06, 0.05));
            int hand = f.part("skin", Shape.ellipse(handX, handY, 0.07, 0.07, 0));
            f.point(word + " elbow", elbowX, elbowY, lower).point(word + " hand", handX, handY, hand);
        }
        double head = f.in(0.14, 0.18);
        f.part("hair", Shape.ellipse(0, -0.8, head * 1.15, head * 1.15, 0));
        f.part("skin", Shape.ellipse(0, -0.76, head, head * 1.05, 0));
        for (int side = -1; side <= 1; side += 2) {
            f.part("eye", Shape.ellipse(side * head * 0.4, -0.79, 0.028, 0.028, 0));
        }
        int hat = f.part("hat", Shape.polygon(-head * 1.2, -0.88, 0, -0.88 - head * f.in(0.5, 1.2), head * 1.2, -0.88));
        f.point("hat", 0, -0.91, hat);
    }
}
