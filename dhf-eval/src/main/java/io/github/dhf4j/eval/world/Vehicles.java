package io.github.dhf4j.eval.world;

/** Car, bus, bicycle, plane and boat. */
final class Vehicles {
    private Vehicles() {}

    private static void wheel(Figure f, String name, double x, double y, double r) {
        f.part("tyre", Shape.ellipse(x, y, r, r, 0));
        int hub = f.part("hub", Shape.ellipse(x, y, r * 0.5, r * 0.5, 0));
        f.point(name, x, y, hub);
    }

    static void car(Figure f) {
        double half = f.in(0.72, 0.92);
        double floor = 0.28;
        double waist = -f.in(0.02, 0.14);
        double roof = waist - f.in(0.24, 0.4);
        double frontRoof = f.in(0.1, 0.3);
        double backRoof = -f.in(0.25, 0.6);
        double screen = frontRoof + f.in(0.15, 0.3);
        int cabin = f.part(
                "paint",
                Shape.polygon(backRoof - 0.18, waist + 0.02, backRoof, roof, frontRoof, roof, screen, waist + 0.02));
        f.point("roof front", frontRoof, roof + 0.02, cabin).point("roof back", backRoof, roof + 0.02, cabin);
        double pillar = (frontRoof + backRoof) / 2;
        f.part(
                "glass",
                Shape.polygon(
                        backRoof - 0.1,
                        waist,
                        backRoof + 0.02,
                        roof + 0.06,
                        pillar - 0.03,
                        roof + 0.06,
                        pillar - 0.03,
                        waist));
        f.part(
                "glass",
                Shape.polygon(
                        pillar + 0.03,
                        waist,
                        pillar + 0.03,
                        roof + 0.06,
                        frontRoof - 0.02,
                        roof + 0.06,
                        screen - 0.08,
                        waist));
        int body = f.part(
                "paint",
                Shape.polygon(
                        -half,
                        waist + 0.06,
                        -half + 0.08,
                        waist,
                        half - 0.2,
                        waist + 0.02,
                        half,
                        waist + 0.14,
                        half,
                        floor,
                        -half,
                        floor));
        f.point("windscreen foot", screen - 0.02, waist + 0.04, body);
        int lamp = f.part("headlamp", Shape.ellipse(half - 0.07, waist + 0.17, 0.06, 0.05, 0));
        f.point("headlamp", half - 0.07, waist + 0.17, lamp);
        int tail = f.part("tail lamp", Shape.ellipse(-half + 0.06, waist + 0.14, 0.05, 0.06, 0));
        f.point("tail lamp", -half + 0.06, waist + 0.14, tail);
        int handle = f.part("trim", Shape.limb(pillar - 0.02, waist + 0.1, pillar + 0.1, waist + 0.1, 0.025, 0.025));
        f.point("door handle", pillar + 0.04, waist + 0.1, handle);
        double r = f.in(0.16, 0.21);
        wheel(f, "front wheel", half - f.in(0.25, 0.36), floor, r);
        wheel(f, "back wheel", -half + f.in(0.25, 0.36), floor, r);
    }

    static void bus(Figure f) {
        double half = f.in(0.75, 0.95);
        double roof = -f.in(0.4, 0.58);
        double floor = 0.32;
        int body = f.part(
                "paint", Shape.polygon(-half, roof, half - 0.06, roof, half, roof + 0.12, half, floor, -half, floor));
        f.point("roof front", half - 0.07, roof + 0.03, body).point("roof back", -half + 0.03, roof + 0.03, body);
        f.part("stripe", Shape.polygon(-half, 0.06, half, 0.06, half, 0.16, -half, 0.16));
        int windows = 4 + (f.chance(0.5) ? 1 : 0);
        double width = (2 * half - 0.5) / windows;
        for (int i = 0; i < windows; i++) {
            double x = -half + 0.08 + i * width;
            int pane = f.part(
                    "glass",
                    Shape.polygon(x, roof + 0.12, x + width * 0.8, roof + 0.12, x + width * 0.8, -0.05, x, -0.05));
            if (i == 0 || i == windows - 1) {
                f.point(i == 0 ? "last window" : "first window", x + width * 0.4, (roof + 0.07) / 2, pane);
            }
        }
        int door = f.part(
                "door",
                Shape.polygon(
                        half - 0.36, roof + 0.14, half - 0.16, roof + 0.14, half - 0.16, floor, half - 0.36, floor));
        f.point("door foot", half - 0.26, floor - 0.04, door);
        int screen = f.part(
                "glass",
                Shape.polygon(half - 0.1, roof + 0.12, half - 0.01, roof + 0.16, half - 0.01, 0, half - 0.1, 0));
        f.point("windscreen", half - 0.06, (roof + 0.14) / 2, screen);
        int lamp = f.part("headlamp", Shape.ellipse(half - 0.06, 0.22, 0.05, 0.05, 0));
        f.point("headlamp", half - 0.06, 0.22, lamp);
        double r = f.in(0.13, 0.17);
        wheel(f, "front wheel", half - f.in(0.48, 0.56), floor, r);
        wheel(f, "back wheel", -half + f.in(0.25, 0.42), floor, r);
    }

    static void bicycle(Figure f) {
        double base = f.in(0.46, 0.6);
        double r = f.in(0.32, 0.4);
        double y = 0.3;
        int back = f.part("tyre", Shape.ring(-base, y, r, r - 0.06));
        int front = f.part("tyre", Shape.ring(base, y, r, r - 0.06));
        f.point("back wheel foot", -base, y + r - 0.03, back).point("front wheel foot", base, y + r - 0.03, front);
        double crankX = f.in(-0.12, 0.02);
        double seatX = -f.in(0.2, 0.34);
        double seatY = -f.in(0.28, 0.42);
        double headX = base - f.in(0.16, 0.26);
        double headY = -f.in(0.3, 0.42);
        f.part("frame", Shape.limb(-base, y, crankX, y, 0.03, 0.03));
        f.part("frame", Shape.limb(-base, y, seatX + 0.03, seatY + 0.14, 0.025, 0.025));
        f.part("frame", Shape.limb(crankX, y, seatX, seatY, 0.035, 0.03));
        f.part("frame", Shape.limb(crankX, y, headX, headY + 0.12, 0.035, 0.035));
        f.part("frame", Shape.limb(seatX + 0.03, seatY + 0.14, headX, headY + 0.06, 0.035, 0.035));
        int fork = f.part("fork", Shape.limb(headX - 0.02, headY, base, y, 0.035, 0.025));
        f.point("head tube", headX, headY + 0.09, fork);
        int barX = f.part("bar", Shape.limb(headX - 0.03, headY, headX + 0.12, headY - 0.07, 0.035, 0.035));
        f.point("handlebar", headX + 0.11, headY - 0.06, barX);
        int saddle = f.part("saddle", Shape.limb(seatX - 0.12, seatY - 0.01, seatX + 0.1, seatY, 0.06, 0.03));
        f.point("saddle", seatX - 0.06, seatY - 0.01, saddle);
        int hubA = f.part("hub", Shape.ellipse(-base, y, 0.05, 0.05, 0));
        int hubB = f.part("hub", Shape.ellipse(base, y, 0.05, 0.05, 0));
        f.point("back hub", -base, y, hubA).point("front hub", base, y, hubB);
        int crank = f.part("crank", Shape.ellipse(crankX, y, 0.085, 0.085, 0));
        f.point("crank", crankX, y, crank);
        double angle = f.in(0, 6.28);
        f.part(
                "crank",
                Shape.limb(
                        crankX,
                        y,
                        crankX + 0.17 * StrictMath.cos(angle),
                        y + 0.17 * StrictMath.sin(angle),
                        0.025,
                        0.035));
    }

    static void plane(Figure f) {
        double half = f.in(0.75, 0.95);
        double girth = f.in(0.11, 0.16);
        double tipX = -f.in(0.05, 0.4);
        double farTip = -f.in(0.3, 0.45);
        f.part("wing", Shape.polygon(0.18, -0.04, tipX + 0.1, farTip, tipX - 0.02, farTip, -0.14, -0.04), 0.65);
        int body = f.part("hull", Shape.limb(-half + 0.1, -0.02, half - girth, 0, girth * 0.6, girth));
        f.point("nose", half - 0.03, 0, body);
        double finX = -half + f.in(-0.04, 0.06);
        double finY = -girth - f.in(0.26, 0.4);
        int fin = f.part(
                "fin",
                Shape.polygon(
                        -half + 0.36, -girth * 0.6, finX + 0.1, finY, finX - 0.04, finY, -half + 0.08, -girth * 0.4));
        f.point("fin tip", finX + 0.03, finY + 0.03, fin);
        double stabX = -half - f.in(0.02, 0.14);
        double stabY = f.in(0.1, 0.22);
        int stabiliser = f.part(
                "wing", Shape.polygon(-half + 0.26, 0, stabX + 0.06, stabY, stabX - 0.04, stabY, -half + 0.08, -0.01));
        f.point("stabiliser tip", stabX + 0.01, stabY - 0.02, stabiliser);
        for (int i = 0; i < 5; i++) {
            f.part("glass", Shape.ellipse(-0.3 + 0.18 * i, -girth * 0.3, 0.035, 0.035, 0));
        }
        int cockpit = f.part(
                "glass",
                Shape.polygon(
                        half - 0.26,
                        -girth * 0.75,
                        half - 0.12,
                        -girth * 0.5,
                        half - 0.08,
                        -girth * 0.15,
                        half - 0.24,
                        -girth * 0.2));
        f.point("cockpit", half - 0.18, -girth * 0.4, cockpit);
        double nearTip = f.in(0.42, 0.62);
        int wing = f.part("wing", Shape.polygon(0.22, 0.03, tipX + 0.12, nearTip, tipX - 0.06, nearTip, -0.16, 0.04));
        f.point("wing tip", tipX + 0.03, nearTip - 0.03, wing).point("wing root", 0.03, 0.08, wing);
        double share = f.in(0.35, 0.5);
        double engineX = 0.2 + (tipX + 0.12 - 0.2) * share;
        double engineY = 0.03 + (nearTip - 0.03) * share;
        int engine =
                f.part("engine", Shape.limb(engineX - 0.04, engineY + 0.05, engineX + 0.1, engineY + 0.05, 0.06, 0.07));
        f.point("engine", engineX + 0.08, engineY + 0.05, engine);
    }

    static void boat(Figure f) {
        double half = f.in(0.62, 0.85);
        double deck = f.in(0.22, 0.32);
        double keel = deck + f.in(0.2, 0.34);
        double mastX = f.in(-0.12, 0.12);
        double top = -f.in(0.75, 0.95);
        int mast = f.part("mast", Shape.limb(mastX, deck, mastX, top, 0.035, 0.025));
        f.point("mast top", mastX, top, mast);
        double boomX = mastX - f.in(0.4, 0.6);
        double boomY = deck - f.in(0.1, 0.18);
        int sail = f.part("sail", Shape.polygon(mastX - 0.03, top + 0.08, mastX - 0.03, boomY, boomX, boomY));
        f.point("sail corner", boomX + 0.05, boomY - 0.02, sail);
        int boom = f.part("mast", Shape.limb(mastX, boomY + 0.02, boomX, boomY + 0.02, 0.025, 0.02));
        f.point("mast foot", mastX, boomY + 0.03, boom);
        double jibX = mastX + f.in(0.36, 0.55);
        double jibY = deck - 0.05;
        int jib = f.part(
                "jib", Shape.polygon(mastX + 0.04, top + f.in(0.15, 0.4), mastX + 0.05, boomY - 0.02, jibX, jibY));
        f.point("jib corner", jibX - 0.05, jibY - 0.02, jib);
        int hull = f.part(
                "hull",
                Shape.polygon(-half, deck, half + f.in(0.02, 0.12), deck - 0.06, half - 0.2, keel, -half + 0.14, keel));
        f.point("bow", half, deck - 0.02, hull).point("stern", -half + 0.03, deck + 0.03, hull);
        f.part("glass", Shape.ellipse(f.in(0.1, 0.3), deck + 0.11, 0.055, 0.055, 0));
        f.point("keel", -0.02, keel - 0.02, hull);
        f.part("trim", Shape.limb(-half + 0.05, deck + 0.03, half - 0.05, deck, 0.02, 0.02));
        int flag = f.part("flag", Shape.polygon(mastX, top - 0.02, mastX - 0.22, top + 0.05, mastX, top + 0.12));
        f.point("flag tip", mastX - 0.19, top + 0.05, flag);
    }
}
