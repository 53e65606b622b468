package io.regent.docker.lab.fleet;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The product as a source tree was built: what its coordinators and its command line run.
 *
 * @param name for people
 * @param classPath its modules and the libraries that they need, without the lab
 */
public record Build(String name, String classPath) {
    private static final List<String> MODULES = List.of("coordinator", "replicator", "failover", "sql");
    private static final String LIBRARIES = "coordinator/target/lib.list";

    /** That which runs in this JVM. */
    public static Build own() {
        return new Build("this build", JavaProcess.productClassPath());
    }

    /**
     * That of another source tree.
     *
     * @throws FleetException if it is no source tree of Regent, not built, or of the same classes as {@link #own}
     */
    public static Build another(Path tree) {
        for (String module : MODULES) {
            if (!Files.isRegularFile(tree.resolve(module).resolve("pom.xml"))) {
                throw new FleetException(tree + " is no source tree of Regent (no " + module
                        + "/pom.xml in it): git worktree add DIR TAG makes one of another version");
            }
        }
        Build other = of(tree);
        if (ClassSums.of(own().classPath()).containsAll(ClassSums.of(other.classPath()))) {
            throw new FleetException(
                    tree + " is of this very version, so nothing would be replaced: git worktree add DIR"
                            + " TAG makes one of another, mvn -DskipTests package there builds it");
        }
        return other;
    }

    private static Build of(Path tree) {
        try {
            List<String> all = new ArrayList<>();
            for (String module : MODULES) {
                all.add(jar(tree.resolve(module).resolve("target"), module));
            }
            // The list begins each library with the folder that it is in, beside the list.
            Path target = tree.resolve(LIBRARIES).toAbsolutePath().getParent();
            Stream.of(Files.readString(tree.resolve(LIBRARIES)).strip().split(":", -1))
                    .map(library -> target + "/" + library)
                    .forEach(all::add);
            return new Build(tree.toString(), String.join(File.pathSeparator, all));
        } catch (IOException e) {
            throw new FleetException(tree + " is not built (" + e.getMessage() + "): mvn -DskipTests package there", e);
        }
    }

    private static String jar(Path target, String module) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "regent-" + module + "-*.jar")) {
            for (Path jar : jars) {
                if (!jar.toString().matches(".*-(sources|javadoc|tests)\\.jar")) {
                    return jar.toAbsolutePath().toString();
                }
            }
        }
        throw new IOException("no regent-" + module + "-*.jar in " + target);
    }
}
