package io.regent.coordinator.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How {@code dbctl} starts a JVM, for what tests start: with its class path first, so that its archive of loaded classes
 * fits. Only where the tests run on the jars that it runs on; elsewhere these may be older than the classes under test.
 */
final class Launched {
    private static final List<String> MODULES = List.of("coordinator", "replicator", "failover", "sql");
    private static final String PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private Launched() {}

    /** Options for the JVM, the class path among them. */
    static List<String> options() throws IOException {
        String root = System.getProperty("regent.root");
        if (root == null) {
            return List.of("-cp", PATH);
        }
        Path real = Path.of(root).toRealPath();
        List<String> product = product(real);
        if (product.isEmpty()) {
            return List.of("-cp", PATH);
        }
        List<String> all = new ArrayList<>(product);
        all.add(PATH);
        List<String> options = new ArrayList<>(List.of("-cp", String.join(File.pathSeparator, all)));
        archive(real.resolve("coordinator/target"))
                .forEach(path ->
                        options.addAll(List.of("-Xshare:auto", "-Xlog:cds*=off", "-XX:SharedArchiveFile=" + path)));
        return options;
    }

    /** The product's jars and libraries, in the launcher's order. */
    private static List<String> product(Path root) throws IOException {
        List<String> all = new ArrayList<>();
        List<String> own = List.of(PATH.split(File.pathSeparator, -1));
        Path libraries = root.resolve("coordinator/target/lib.list");
        for (String module : MODULES) {
            for (Path jar :
                    files(root.resolve(module).resolve("target"), "regent-" + module + "-[0-9.]+(-SNAPSHOT)?\\.jar")) {
                all.add(jar.toString());
            }
        }
        if (all.size() != MODULES.size() || !own.contains(all.get(0)) || !Files.exists(libraries)) {
            return List.of();
        }
        for (String library : Files.readString(libraries).strip().split(":", -1)) {
            all.add(libraries.resolveSibling(library).toString());
        }
        return all;
    }

    /** The one that was made last; a JVM that it does not fit does without. */
    private static Stream<Path> archive(Path target) throws IOException {
        return files(target, "dbctl-[0-9]+\\.jsa").stream()
                .max(Comparator.comparing(path -> path.toFile().lastModified()))
                .stream();
    }

    private static List<Path> files(Path directory, String name) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> path.getFileName().toString().matches(name))
                    .toList();
        }
    }
}
