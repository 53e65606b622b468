package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the data of a region that is not master, as a backup or a snapshot takes it, and what comes of putting it back. */
public final class OldCopy {
    private final String region;

    /** Of this region's data. */
    public OldCopy(String region) {
        this.region = region;
    }

    /** The copy is taken while the server is stopped. */
    public Step taken() {
        return step("Copies the data of " + region, stage -> {
            Node node = stage.fleet().node(region);
            stopped(node);
            copy(data(node), place(stage));
            started(node);
            new Recovery().run(stage);
        });
    }

    /**
     * The copy is put in the place of newer data. The region must be known to have forgotten what it once had, must get back
     * what it wrote itself, and must not become master again.
     */
    public Step restored() {
        return step("Puts the old copy in the place of the data of " + region, stage -> {
            Node node = stage.fleet().node(region);
            stopped(node);
            delete(data(node));
            copy(place(stage), data(node));
            started(node);
            new Recovery().run(stage);
            Diagnosis.awaitNamed(stage, "RegionForgot");
            stage.terminal().good("status says RegionForgot");
            if (stage.quietly("promote", region).exit() == 0) {
                stage.findings().fault(region + " became master again, though its data went back in time");
            } else {
                stage.terminal().good("it gets back what it wrote, and is not made master again");
            }
        });
    }

    /** What is done at a stage. */
    private interface Deed {
        void on(Stage stage) throws IOException;
    }

    private static Step step(String title, Deed deed) {
        return new Step() {
            @Override
            public String title() {
                return title;
            }

            @Override
            public void run(Stage stage) throws IOException {
                deed.on(stage);
            }
        };
    }

    private Path place(Stage stage) {
        return stage.settings().directory().resolve("old-copy-" + region);
    }

    private static Path data(Node node) {
        return node.mysql()
                .dataDirectory()
                .orElseThrow(
                        () -> new FleetException("the data of " + node.name() + " is in a container; use processes"));
    }

    private static void stopped(Node node) {
        node.coordinator().stop();
        node.mysql().stop();
    }

    private static void started(Node node) {
        node.mysql().start();
        node.coordinator().start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.delete(one);
            }
        }
    }
}
