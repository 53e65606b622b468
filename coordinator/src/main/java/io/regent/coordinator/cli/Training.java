package io.regent.coordinator.cli;

import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.ConfigFile;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Loads the classes that every call of {@code dbctl} needs, for the launcher's class archive; does nothing else. */
final class Training {
    private Training() {}

    /** Runs commands that touch no server. */
    public static void main(String[] args) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (List<String> words : List.of(
                List.of("--help"), List.of("version"), List.of("version", "--json"), List.of("init", "--help"))) {
            Main.run(words, nowhere, nowhere, Map.of());
        }
        try {
            ConfigFile.parse("none", "cluster: a\nregions: {a: {mysql: b}}\naccounts: {}\n", Map.of());
        } catch (ConfigException e) {
            nowhere.println(e.getMessage());
        }
    }
}
