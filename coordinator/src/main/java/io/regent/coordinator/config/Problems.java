package io.regent.coordinator.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Collects what is wrong with one file. */
final class Problems {
    private final String file;
    private final List<ConfigProblem> all = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Node at, String key, String message, String remedy) {
        add(at.getStartMark(), key, message, remedy);
    }

    void add(Mark at, String key, String message, String remedy) {
        all.add(new ConfigProblem(file, at.getLine() + 1, key, message, remedy));
    }

    void addForFile(String message, String remedy) {
        all.add(new ConfigProblem(file, 0, "", message, remedy));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    ConfigException exception() {
        return new ConfigException(all.stream()
                .sorted(Comparator.comparingInt(ConfigProblem::line))
                .toList());
    }
}
