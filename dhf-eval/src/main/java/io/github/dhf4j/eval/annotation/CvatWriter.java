package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes "CVAT for images 1.1". A key point is a shape of points with the attribute {@code keypoint}; confidence is an
 * attribute of every shape; shapes of one thing have one {@code group_id}. The labels with these attributes stand in the
 * file's head, as the task must have them.
 */
final class CvatWriter {
    private final XMLStreamWriter xml;
    private final Path root;

    private CvatWriter(XMLStreamWriter xml, Path root) {
        this.xml = xml;
        this.root = root;
    }

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        AtomicFiles.write(out, temporary -> {
            try (Writer text = Files.newBufferedWriter(temporary)) {
                XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
                xml.writeStartDocument("utf-8", "1.0");
                new CvatWriter(xml, root).write(images, words);
                xml.writeEndDocument();
                xml.close();
            } catch (XMLStreamException e) {
                throw new IOException("XML must be written, got " + e.getMessage() + " (" + out + ")", e);
            }
        });
    }

    private void write(LabelledSource images, Vocabulary words) throws XMLStreamException, IOException {
        start("annotations");
        text("version", "1.1");
        start("meta");
        start("task");
        start("labels");
        for (String category : words.categories()) {
            start("label");
            text("name", category);
            start("attributes");
            attribute("keypoint", String.join("\n", words.keypointsOf(category)));
            attribute("confidence", "");
            end(2);
        }
        end(3);
        int[] ids = new int[1];
        images.forEach(image -> {
            try {
                image(image, ids[0]++);
            } catch (XMLStreamException e) {
                throw new IOException("XML must be written, got " + e.getMessage(), e);
            }
        });
        end(1);
    }

    private void attribute(String name, String values) throws XMLStreamException {
        start("attribute");
        text("name", name);
        text("mutable", "False");
        text("input_type", "text");
        text("default_value", "");
        text("values", values);
        end(1);
    }

    private void image(LabelledImage image, int id) throws XMLStreamException {
        start(
                "image",
                "id",
                id,
                "name",
                image.nameFrom(root),
                "width",
                image.size().width(),
                "height",
                image.size().height());
        int group = 0;
        for (Annotation annotation : image.annotations()) {
            group++;
            @Nullable Box box = annotation.box();
            if (box != null) {
                shape(
                        "box",
                        annotation,
                        group,
                        "xtl",
                        number(box.left()),
                        "ytl",
                        number(box.top()),
                        "xbr",
                        number(box.right()),
                        "ybr",
                        number(box.bottom()));
                confidence(annotation.confidence());
            }
            for (List<Point> polygon : annotation.polygons()) {
                shape("polygon", annotation, group, "points", points(polygon));
                confidence(annotation.confidence());
            }
            if (annotation.mask() != null) {
                mask(annotation, annotation.mask(), group);
            }
            for (Map.Entry<String, Annotation.Keypoint> point :
                    annotation.points().entrySet()) {
                shape(
                        "points",
                        annotation,
                        group,
                        "points",
                        points(List.of(point.getValue().at())));
                value("keypoint", point.getKey());
                confidence(point.getValue().confidence());
            }
        }
        end(1);
    }

    /** Run lengths within the bounds, row by row, of pixels outside first. */
    private void mask(Annotation annotation, Mask mask, int group) throws XMLStreamException {
        @Nullable Box bounds = mask.bounds();
        if (bounds == null) {
            return;
        }
        int left = (int) bounds.left();
        int width = (int) bounds.right() - left;
        StringJoiner runs = new StringJoiner(", ");
        boolean inside = false;
        int run = 0;
        for (int y = (int) bounds.top(); y < bounds.bottom(); y++) {
            for (int x = left; x < left + width; x++) {
                if (mask.at(x, y) != inside) {
                    runs.add(String.valueOf(run));
                    run = 0;
                    inside = !inside;
                }
                run++;
            }
        }
        runs.add(String.valueOf(run));
        shape(
                "mask",
                annotation,
                group,
                "rle",
                runs,
                "left",
                left,
                "top",
                (int) bounds.top(),
                "width",
                width,
                "height",
                (int) (bounds.bottom() - bounds.top()));
        confidence(annotation.confidence());
    }

    private void shape(String name, Annotation annotation, int group, Object... attributes) throws XMLStreamException {
        start(name, "label", annotation.category(), "source", "auto", "occluded", 0);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i].toString(), attributes[i + 1].toString());
        }
        xml.writeAttribute("z_order", "0");
        xml.writeAttribute("group_id", String.valueOf(group));
    }

    private void confidence(double confidence) throws XMLStreamException {
        value("confidence", String.valueOf(Numbers.share(confidence)));
        end(1);
    }

    private void value(String name, String value) throws XMLStreamException {
        start("attribute", "name", name);
        xml.writeCharacters(clean(value));
        end(1);
    }

    private static String points(List<Point> points) {
        StringJoiner text = new StringJoiner(";");
        points.forEach(point -> text.add(number(point.x()) + "," + number(point.y())));
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private void start(String name, Object... attributes) throws XMLStreamException {
        xml.writeStartElement(name);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i].toString(), clean(attributes[i + 1].toString()));
        }
    }

    private void text(String name, String text) throws XMLStreamException {
        start(name);
        xml.writeCharacters(clean(text));
        end(1);
    }

    private void end(int elements) throws XMLStreamException {
        for (int i = 0; i < elements; i++) {
            xml.writeEndElement();
        }
    }

    /** Without what XML cannot hold. */
    private static String clean(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?");
    }
}
