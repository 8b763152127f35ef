package io.github.dhf4j.tensor;

import ai.djl.engine.Engine;

/** What a program of its own does with the engine; the first word says what. For tests that need a JVM of their own. */
final class EngineProbe {
    private EngineProbe() {}

    public static void main(String[] words) throws Exception {
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        switch (words[0]) {
            case "start" -> start();
            case "foreign-loader" -> {
                Thread.currentThread().setContextClassLoader(platform);
                start();
                System.out.println("restored " + (Thread.currentThread().getContextClassLoader() == platform));
            }
            case "foreign-loader-first" -> {
                Thread.currentThread().setContextClassLoader(platform);
                System.out.println("DJL found " + Engine.getAllEngines());
                start();
            }
            case "classes" -> {
                // with scripts in static fields
                for (String name : new String[] {"feature.FeatureStack", "train.AdamW", "tensor.Weights"}) {
                    Class.forName("io.github.dhf4j." + name);
                }
                System.out.println("loaded");
                start();
                start();
            }
            case "killed" -> {
                System.out.println(
                        ScriptModule.load(EngineProbe.class, "works.py").isFirstChoice());
                System.out.flush();
                Runtime.getRuntime().halt(0);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void start() {
        try {
            System.out.println("started " + TorchEngine.nameAndVersion());
        } catch (DhfException e) {
            System.out.println("failed " + e.getMessage());
        }
    }
}
