///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//REPOS mavenLocal,mavencentral
//DEPS io.github.dhf4j:dhf:0.1.0-SNAPSHOT ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:${dhf.platform:linux-x86_64}
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -DOPT_OUT_TRACKING=true

/** Prints which places of two pictures mean the same: {@code jbang match.java a.jpg b.jpg}. */
class match {
    public static void main(String[] pictures) throws Exception {
        var first = io.github.dhf4j.Hyperfeatures.of(java.nio.file.Path.of(pictures[0]));
        first.match(java.nio.file.Path.of(pictures[1])).forEach(System.out::println);
    }
}
