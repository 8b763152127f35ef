package io.github.dhf4j.spark;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A picture's descriptors as a row, of the columns:
 *
 * <ul>
 *   <li>{@code path}; {@code digest}, the SHA-256 of the file's bytes, null where they could not be read; {@code error}, why
 *       there are no descriptors, null where there are;
 *   <li>{@code image_width}, {@code image_height} (its own pixels), {@code load_width}, {@code load_height} (what the network
 *       saw), {@code match_width}, {@code match_height} (the grid that points are matched on), {@code map_width}, {@code
 *       map_height} (cells), {@code channels};
 *   <li>{@code storage}, {@code values}, {@code scales}: the numbers, as {@link MapStorage} says;
 *   <li>{@code extent} (left, top, right, bottom) and {@code products} (steps) where the map has others than most, {@code
 *       confidence}, the calibration as JSON: null where there is none;
 *   <li>{@code network_name}, {@code network_digest}, {@code descriptors_name}, {@code descriptors_digest}: the {@link
 *       DescriptorOrigin};
 *   <li>{@code recipe}, what was chosen, as JSON; {@code fingerprint} of network and settings; {@code library}, its version;
 *       {@code engine} and {@code threads}, what computed them.
 * </ul>
 */
public final class DescriptorRows {
    static final String PATH = "path";
    static final String DIGEST = "digest";
    static final String ERROR = "error";
    static final String RECIPE = "recipe";
    static final String STORAGE = "storage";

    private static final List<String> SIDES = List.of(
            "image_width",
            "image_height",
            "load_width",
            "load_height",
            "match_width",
            "match_height",
            "map_width",
            "map_height");

    /** The columns. */
    private static final StructType SCHEMA = schema();

    private DescriptorRows() {}

    /**
     * The columns, in order.
     *
     * @return all but {@code path}, {@code recipe} and {@code library} may be null
     */
    public static StructType columns() {
        return SCHEMA;
    }

    private static StructType schema() {
        List<StructField> fields = new ArrayList<>();
        fields.add(DataTypes.createStructField(PATH, DataTypes.StringType, false));
        fields.add(DataTypes.createStructField(DIGEST, DataTypes.StringType, true));
        fields.add(DataTypes.createStructField(ERROR, DataTypes.StringType, true));
        SIDES.forEach(side -> fields.add(DataTypes.createStructField(side, DataTypes.IntegerType, true)));
        fields.add(DataTypes.createStructField("channels", DataTypes.IntegerType, true));
        fields.add(DataTypes.createStructField(STORAGE, DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("values", DataTypes.BinaryType, true));
        fields.add(DataTypes.createStructField("scales", DataTypes.BinaryType, true));
        for (String name : List.of("extent", "products")) {
            fields.add(DataTypes.createStructField(name, DataTypes.createArrayType(DataTypes.DoubleType, false), true));
        }
        for (String name :
                List.of("confidence", "network_name", "network_digest", "descriptors_name", "descriptors_digest")) {
            fields.add(DataTypes.createStructField(name, DataTypes.StringType, true));
        }
        fields.add(DataTypes.createStructField(RECIPE, DataTypes.StringType, false));
        fields.add(DataTypes.createStructField("fingerprint", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("library", DataTypes.StringType, false));
        fields.add(DataTypes.createStructField("engine", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("threads", DataTypes.IntegerType, true));
        return new StructType(fields.toArray(StructField[]::new));
    }

    /** The row of a picture that has descriptors. */
    static Row of(String path, @Nullable String digest, DescriptorMap map, MapStorage storage, Provenance made) {
        MapStorage.Stored stored = storage.store(map);
        MapExtent extent = map.extent();
        CellProducts products = map.products();
        ConfidenceModel confidence = map.confidence();
        DescriptorOrigin origin = map.origin();
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(path);
        cells.add(digest);
        cells.add(null);
        for (Size size : List.of(map.imageSize(), map.loadSize(), map.matchSize(), map.size())) {
            cells.add(size.width());
            cells.add(size.height());
        }
        cells.add(map.channels());
        cells.add(storage.word());
        cells.add(stored.values());
        cells.add(stored.scales());
        cells.add(
                extent.equals(MapExtent.WHOLE)
                        ? null
                        : new Double[] {extent.left(), extent.top(), extent.right(), extent.bottom()});
        cells.add(products == null ? null : new Double[] {products.stepX(), products.stepY()});
        cells.add(confidence == null ? null : confidence.toJson().toString());
        cells.add(origin == null ? null : origin.network().name());
        cells.add(origin == null ? null : origin.network().digest().orElse(null));
        cells.add(origin == null ? null : origin.descriptors().name());
        cells.add(origin == null ? null : origin.descriptors().digest().orElse(null));
        made.addTo(cells);
        return Rows.of(SCHEMA, cells.toArray());
    }

    /** The row of a picture that has none. */
    static Row broken(String path, @Nullable String digest, String reason, Provenance made) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(path);
        cells.add(digest);
        cells.add(reason);
        while (cells.size() < SCHEMA.fieldIndex(RECIPE)) {
            cells.add(null);
        }
        made.addTo(cells);
        return Rows.of(SCHEMA, cells.toArray());
    }

    /**
     * The descriptors of a row.
     *
     * @param row with the columns of {@link #columns}, and any others
     * @return the map, in heap memory, within the storage's rounding of what was described
     * @throws IOException if the picture could not be described, with the reason; or the row is damaged
     */
    public static DescriptorMap map(Row row) throws IOException {
        String path = row.getString(row.fieldIndex(PATH));
        String error = text(row, ERROR);
        if (error != null) {
            throw new IOException("picture must have descriptors, got none: " + error);
        }
        try {
            Size size = size(row, 6);
            int channels = row.getInt(row.fieldIndex("channels"));
            MapStorage storage = MapStorage.of(row.getString(row.fieldIndex(STORAGE)));
            float[] values = storage.read(
                    row.getAs("values"), row.getAs("scales"), channels, size.width() * size.height(), path);
            DescriptorMap map = new DescriptorMap(channels, size, values, size(row, 0), size(row, 2));
            List<Double> products = numbers(row, "products");
            List<Double> extent = numbers(row, "extent");
            String confidence = text(row, "confidence");
            map = products == null
                    ? map.withMatchSize(size(row, 4))
                    : map.withProducts(new CellProducts(products.get(0), products.get(1)));
            if (extent != null) {
                map = map.withExtent(new MapExtent(extent.get(0), extent.get(1), extent.get(2), extent.get(3)));
            }
            if (confidence != null) {
                JsonObject json = Json.parseObject(confidence, "'confidence'", path);
                map = map.withConfidence(ConfidenceModel.fromJson(json, path));
            }
            return map.withOrigin(origin(row));
        } catch (RuntimeException e) {
            throw new IOException(
                    "row must hold descriptors, got " + e + " (" + path + "); describe the image again", e);
        }
    }

    private static @Nullable DescriptorOrigin origin(Row row) {
        String network = text(row, "network_name");
        String descriptors = text(row, "descriptors_name");
        return network == null || descriptors == null
                ? null
                : new DescriptorOrigin(
                        OriginPart.known(network, text(row, "network_digest")),
                        OriginPart.known(descriptors, text(row, "descriptors_digest")));
    }

    private static Size size(Row row, int first) {
        return new Size(row.getInt(row.fieldIndex(SIDES.get(first))), row.getInt(row.fieldIndex(SIDES.get(first + 1))));
    }

    static @Nullable String text(Row row, String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? null : row.getString(index);
    }

    private static @Nullable List<Double> numbers(Row row, String column) {
        int index = row.fieldIndex(column);
        if (row.isNullAt(index)) {
            return null;
        }
        return row.get(index) instanceof Double[] numbers ? Arrays.asList(numbers) : row.getList(index);
    }
}
