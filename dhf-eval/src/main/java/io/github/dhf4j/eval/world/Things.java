package io.github.dhf4j.eval.world;

/** Chair, table, lamp, mug and guitar. */
final class Things {
    private Things() {}

    private static void leg(Figure f, String name, double x, double y, double length, double light) {
        double footX = x + f.in(-0.06, 0.06);
        int part = f.part("wood", Shape.limb(x, y, footX, y + length, 0.045, 0.035), light);
        f.point(name, footX, y + length, part);
    }

    static void chair(Figure f) {
        double half = f.in(0.3, 0.42);
        double depthX = f.in(0.1, 0.24);
        double depthY = f.in(0.1, 0.2);
        double leg = f.in(0.42, 0.6);
        double back = f.in(0.6, 0.85);
        leg(f, "back left foot", -half - depthX, 0.1 - depthY, leg, 0.65);
        leg(f, "back right foot", half - depthX, 0.1 - depthY, leg, 0.65);
        double lean = f.in(0.0, 0.12);
        double y = 0.1 - depthY;
        int rest = f.part(
                "cloth",
                Shape.polygon(
                        -half - depthX - lean,
                        y - back,
                        half - depthX - lean,
                        y - back,
                        half - depthX,
                        y - 0.08,
                        -half - depthX,
                        y - 0.08));
        f.point("back top left", -half - depthX - lean + 0.03, y - back + 0.03, rest);
        f.point("back top right", half - depthX - lean - 0.03, y - back + 0.03, rest);
        int seat = f.part(
                "cloth",
                Shape.polygon(
                        -half - depthX, y - 0.06, half - depthX, y - 0.06, half + depthX, 0.16, -half + depthX, 0.16));
        f.point("seat front left", -half + depthX + 0.02, 0.13, seat);
        f.point("seat front right", half + depthX - 0.04, 0.13, seat);
        leg(f, "front left foot", -half + depthX + 0.04, 0.18, leg, 1);
        leg(f, "front right foot", half + depthX - 0.04, 0.18, leg, 1);
        f.part("trim", Shape.limb(-half + depthX, 0.17, half + depthX, 0.17, 0.03, 0.03));
    }

    static void table(Figure f) {
        double half = f.in(0.48, 0.66);
        double depthX = f.in(0.12, 0.3);
        double depthY = f.in(0.14, 0.26);
        double leg = f.in(0.5, 0.75);
        double y = f.in(-0.25, -0.1);
        leg(f, "back left foot", -half - depthX + 0.05, y - depthY + 0.04, leg, 0.65);
        leg(f, "back right foot", half - depthX - 0.05, y - depthY + 0.04, leg, 0.65);
        int top = f.part(
                "top",
                Shape.polygon(
                        -half - depthX,
                        y - depthY,
                        half - depthX,
                        y - depthY,
                        half + depthX,
                        y + depthY,
                        -half + depthX,
                        y + depthY));
        f.point("back left corner", -half - depthX + 0.04, y - depthY + 0.02, top);
        f.point("back right corner", half - depthX - 0.02, y - depthY + 0.02, top);
        f.point("front left corner", -half + depthX + 0.02, y + depthY - 0.03, top);
        f.point("front right corner", half + depthX - 0.04, y + depthY - 0.03, top);
        leg(f, "front left foot", -half + depthX + 0.05, y + depthY + 0.02, leg, 1);
        leg(f, "front right foot", half + depthX - 0.05, y + depthY + 0.02, leg, 1);
        double vaseX = f.in(-0.2, 0.2);
        double vase = f.in(0.26, 0.4);
        f.part("vase", Shape.limb(vaseX, y - 0.02, vaseX, y - vase, 0.1, 0.05));
        int flower = f.part("flower", Shape.ellipse(vaseX, y - vase - 0.08, 0.1, 0.09, 0));
        f.point("flower", vaseX, y - vase - 0.08, flower);
    }

    static void lamp(Figure f) {
        double baseY = 0.8;
        double jointX = f.in(-0.35, -0.05);
        double jointY = f.in(-0.1, 0.2);
        double headX = f.in(0.05, 0.4);
        double headY = -f.in(0.45, 0.7);
        int base = f.part("base", Shape.ellipse(0, baseY, f.in(0.26, 0.38), f.in(0.09, 0.14), 0));
        f.point("base", 0, baseY, base);
        f.part("arm", Shape.limb(0, baseY - 0.05, jointX, jointY, 0.04, 0.035));
        f.part("arm", Shape.limb(jointX, jointY, headX, headY, 0.035, 0.035));
        int joint = f.part("joint", Shape.ellipse(jointX, jointY, 0.065, 0.065, 0));
        f.point("joint", jointX, jointY, joint);
        double wide = f.in(0.24, 0.36);
        double narrow = f.in(0.08, 0.14);
        double high = f.in(0.26, 0.38);
        int bulb = f.part("bulb", Shape.ellipse(headX, headY + high, wide * 0.5, 0.1, 0));
        f.point("bulb", headX, headY + high + 0.06, bulb);
        int shade = f.part(
                "shade",
                Shape.polygon(
                        headX - narrow,
                        headY - 0.04,
                        headX + narrow,
                        headY - 0.04,
                        headX + wide,
                        headY + high,
                        headX - wide,
                        headY + high));
        f.point("shade top", headX, headY - 0.01, shade);
        f.point("shade left", headX - wide + 0.05, headY + high - 0.03, shade);
        f.point("shade right", headX + wide - 0.05, headY + high - 0.03, shade);
        int knob = f.part("knob", Shape.ellipse(0.12, baseY - 0.03, 0.04, 0.03, 0));
        f.point("switch", 0.12, baseY - 0.03, knob);
    }

    static void mug(Figure f) {
        double half = f.in(0.34, 0.46);
        double high = f.in(0.42, 0.62);
        double taper = f.in(-0.08, 0.1);
        double lip = f.in(0.08, 0.14);
        double handleR = f.in(0.2, 0.3);
        double handleX = half + 0.02;
        int handle = f.part("handle", Shape.ring(handleX, 0, handleR, handleR - f.in(0.07, 0.1)));
        f.point("handle", handleX + handleR - 0.04, 0, handle);
        f.point("handle top", handleX + 0.05, -handleR + 0.04, handle);
        f.part("body", Shape.ellipse(0, high, half - taper, lip * 0.8, 0));
        int body = f.part("body", Shape.polygon(-half, -high, half, -high, half - taper, high, -half + taper, high));
        f.point("foot left", -half + taper + 0.03, high - 0.02, body)
                .point("foot right", half - taper - 0.03, high - 0.02, body);
        int rim = f.part("rim", Shape.ellipse(0, -high, half, lip, 0));
        f.point("rim left", -half + 0.02, -high, rim).point("rim right", half - 0.02, -high, rim);
        f.part("drink", Shape.ellipse(0, -high + 0.01, half - 0.06, lip * 0.7, 0));
        double sign = f.in(0.1, 0.18);
        int label = f.part("label", Shape.polygon(0, 0.05 - sign, sign, 0.05, 0, 0.05 + sign, -sign, 0.05));
        f.point("label", 0, 0.05, label);
        int band = f.part(
                "band", Shape.limb(-half + taper + 0.05, high - 0.12, half - taper - 0.05, high - 0.12, 0.03, 0.03));
        f.point("band", 0, high - 0.12, band);
    }

    static void guitar(Figure f) {
        double lower = f.in(0.3, 0.4);
        double upper = f.in(0.2, 0.28);
        double nut = -f.in(0.62, 0.72);
        int big = f.part("wood", Shape.ellipse(0, 0.5, lower, lower * f.in(0.85, 1.0), 0));
        f.point("body foot", 0, 0.5 + lower * 0.8, big);
        f.point("hip left", -lower + 0.03, 0.5, big).point("hip right", lower - 0.03, 0.5, big);
        int small = f.part("wood", Shape.ellipse(0, 0.12, upper, upper * f.in(0.9, 1.1), 0));
        f.point("shoulder left", -upper + 0.03, 0.1, small).point("shoulder right", upper - 0.03, 0.1, small);
        f.part("guard", Shape.ellipse(0.14, 0.42, 0.12, 0.16, 30));
        f.part("hole", Shape.ellipse(0, 0.3, 0.1, 0.1, 0));
        f.part("neck", Shape.limb(0, 0.22, 0, nut, 0.055, 0.045));
        int bridge = f.part("bridge", Shape.limb(-0.13, 0.62, 0.13, 0.62, 0.03, 0.03));
        f.point("bridge", 0, 0.62, bridge);
        double head = f.in(0.18, 0.28);
        int board = f.part(
                "head",
                Shape.polygon(
                        -0.05, nut + 0.02, -0.1, nut - head, 0.1, nut - head * f.in(0.85, 1.15), 0.05, nut + 0.02));
        f.point("head", 0, nut - head * 0.85, board).point("nut", 0, nut, board);
    }
}
