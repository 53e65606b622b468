package io.regent.coordinator.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the YAML file of a cluster. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param environment where {@code ${NAME}} is looked up
     * @throws ConfigException if it cannot be read or anything in it is wrong
     */
    public static ClusterConfig read(Path file, Map<String, String> environment) throws ConfigException {
        Problems problems = new Problems(file.toString());
        try {
            return parse(file.toString(), Files.readString(file), environment);
        } catch (NoSuchFileException e) {
            problems.addForFile("no such file", "name another with --config FILE or REGENT_CONFIG");
        } catch (CharacterCodingException e) {
            problems.addForFile("not UTF-8 text", "");
        } catch (IOException e) {
            problems.addForFile("cannot be read: " + e, "");
        }
        throw problems.exception();
    }

    /**
     * Reads text.
     *
     * @param name the file's name in messages
     * @param text YAML
     * @param environment where {@code ${NAME}} is looked up
     * @throws ConfigException if anything in it is wrong
     */
    public static ClusterConfig parse(String name, String text, Map<String, String> environment)
            throws ConfigException {
        Problems problems = new Problems(name);
        Node root = compose(text, problems);
        if (root instanceof MappingNode mapping) {
            Section section = new Section("", mapping, problems, new Substitution(environment));
            Optional<ClusterConfig> config = new ClusterReader(section, base(name)).read();
            if (problems.isEmpty() && config.isPresent()) {
                return config.get();
            }
        } else if (problems.isEmpty()) {
            problems.addForFile("must be a mapping with the keys cluster, regions and accounts", "");
        }
        throw problems.exception();
    }

    /** Where the file is: what it says of paths is relative to it. */
    private static Path base(String name) {
        Path parent = Path.of(name).toAbsolutePath().getParent();
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    /** The tree; null if there is none. The parser's own message would quote the line, and that may be a password. */
    private static @Nullable Node compose(String text, Problems problems) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            problems.add(e.getProblemMark(), "", "not YAML: " + e.getProblem(), "");
        } catch (YAMLException e) {
            problems.addForFile("not YAML", "look for control characters");
        }
        return null;
    }
}
