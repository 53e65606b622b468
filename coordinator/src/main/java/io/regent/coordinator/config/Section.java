package io.regent.coordinator.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of the file that is read key by key. Whatever is wrong goes to {@link Problems} and reading goes on; a key
 * that nobody asked for is reported by {@link #finish}.
 */
final class Section {
    private final String path;
    private final MappingNode node;
    private final Problems problems;
    private final Substitution substitution;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Section(String path, MappingNode node, Problems problems, Substitution substitution) {
        this.path = path;
        this.node = node;
        this.problems = problems;
        this.substitution = substitution;
        node.getValue().forEach(this::enter);
    }

    private void enter(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problems.add(tuple.getKeyNode(), path, "a key must be a word", "");
            return;
        }
        NodeTuple first = entries.putIfAbsent(key.getValue(), tuple);
        if (first != null) {
            int line = first.getKeyNode().getStartMark().getLine() + 1;
            problems.add(key, at(key.getValue()), "the key is there twice", "the first is in line " + line);
        }
    }

    /** The names of the keys, in the order of the file. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** A value that need not be there. */
    Optional<String> text(String key) {
        return value(key).flatMap(value -> scalar(key, value));
    }

    /** A value that must be there. */
    Optional<String> requiredText(String key) {
        return required(key).flatMap(value -> scalar(key, value));
    }

    /** A mapping that must be there. */
    Optional<Section> requiredSection(String key) {
        return required(key).flatMap(value -> section(key, value));
    }

    /** A value in another form, if it is there; an IllegalArgumentException of the conversion is a problem. */
    <T> Optional<T> convert(String key, Optional<String> text, Function<String, T> conversion) {
        try {
            return text.map(conversion);
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }

    /** Reports something about a key of this mapping, at its value if it has one. */
    void problem(String key, String message, String remedy) {
        NodeTuple entry = entries.get(key);
        problems.add(entry == null ? node : entry.getValueNode(), at(key), message, remedy);
    }

    /** Reports something about this mapping. */
    void problem(String message, String remedy) {
        problems.add(node, path, message, remedy);
    }

    /** Reports the keys that are not among those asked for. */
    void finish() {
        entries.forEach((name, entry) -> {
            if (!known.contains(name)) {
                List<String> free = new ArrayList<>(known);
                String remedy = Suggestion.sentence(name, free);
                problems.add(entry.getKeyNode(), at(name), "unknown key", remedy);
            }
        });
    }

    private Optional<Node> required(String key) {
        known.add(key);
        if (!entries.containsKey(key)) {
            problems.add(node, at(key), "missing", "");
        }
        return value(key);
    }

    private Optional<Node> value(String key) {
        known.add(key);
        NodeTuple entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.getValueNode().getTag().equals(Tag.NULL)) {
            problem(key, "has no value", "");
            return Optional.empty();
        }
        return Optional.of(entry.getValueNode());
    }

    private Optional<String> scalar(String key, Node value) {
        if (!(value instanceof ScalarNode scalar)) {
            problem(key, "must be one value", "quote it if it begins with '{' or '['");
            return Optional.empty();
        }
        Substitution.Filled filled = substitution.fill(scalar.getValue());
        filled.problems().forEach(message -> problem(key, message, ""));
        return filled.problems().isEmpty() ? Optional.of(filled.text()) : Optional.empty();
    }

    private Optional<Section> section(String key, Node value) {
        if (!(value instanceof MappingNode mapping)) {
            problem(key, "must be a mapping of keys to values", "");
            return Optional.empty();
        }
        return Optional.of(new Section(at(key), mapping, problems, substitution));
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
