package io.regent.coordinator.config;

import java.util.List;
import java.util.stream.Collectors;

/** The file cannot be used; every problem found in it, in the order of its lines. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::text).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong; at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
