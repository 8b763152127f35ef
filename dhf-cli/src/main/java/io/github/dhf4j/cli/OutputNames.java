package io.github.dhf4j.cli;

import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Texts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A file name for each of many images: its own, with as many of its folders as tell it from the others. */
final class OutputNames {
    private OutputNames() {}

    /** By image, in their order; no two names are equal, in small letters neither. */
    static Map<Path, Path> of(List<Path> images, Path folder, String ending) {
        List<Path> different = different(images);
        int[] folders = new int[different.size()];
        List<String> names = names(different, folders);
        while (true) {
            Map<String, Integer> counts = new HashMap<>();
            names.forEach(name -> counts.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum));
            boolean clash = false;
            for (int i = 0; i < folders.length; i++) {
                if (counts.getOrDefault(names.get(i).toLowerCase(Locale.ROOT), 0) > 1) {
                    folders[i]++;
                    clash = true;
                }
            }
            if (!clash) {
                break;
            }
            names = names(different, folders);
        }
        Map<Path, Path> files = new LinkedHashMap<>();
        for (int i = 0; i < folders.length; i++) {
            files.put(different.get(i), folder.resolve(names.get(i) + ending));
        }
        return files;
    }

    /** What is meant twice, such as by a folder and by its name, is taken once. */
    private static List<Path> different(List<Path> images) {
        Map<Path, Path> byPlace = new LinkedHashMap<>();
        images.forEach(image -> byPlace.putIfAbsent(image.toAbsolutePath().normalize(), image));
        return List.copyOf(byPlace.values());
    }

    private static List<String> names(List<Path> images, int[] folders) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < folders.length; i++) {
            names.add(name(images.get(i).toAbsolutePath().normalize(), folders[i]));
        }
        return names;
    }

    /** With 0 folders {@code cat}, with one {@code pets_cat}, with more the ending too, as {@code cat.png} may be beside. */
    private static String name(Path image, int folders) {
        int parts = image.getNameCount();
        if (folders > parts) {
            return image.getFileName() + "-" + Digests.of(image.toString()).substring(0, 16);
        }
        StringBuilder whole = new StringBuilder();
        for (int i = Math.max(0, parts - 1 - Math.max(folders == 1 ? 1 : 0, folders - 1)); i < parts - 1; i++) {
            whole.append(image.getName(i)).append('_');
        }
        return whole.append(folders <= 1 ? Texts.stem(image) : String.valueOf(image.getFileName()))
                .toString();
    }
}
