package io.regent.coordinator.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References in a value, {@code ${NAME}} and {@code ${NAME:-default}}, filled from the environment. As in the shell, the
 * default also replaces an empty value. A doubled dollar sign before the brace stands for the text as it is.
 */
final class Substitution {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?}|\\$\\{");

    private final Map<String, String> environment;

    Substitution(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The value with all that could be filled in.
     *
     * @param text the value
     * @param problems what could not, in words without any value; empty if all is well
     */
    record Filled(String text, List<String> problems) {}

    Filled fill(String raw) {
        List<String> problems = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(raw);
        String text = matcher.replaceAll(found -> Matcher.quoteReplacement(value(matcher, problems)));
        return new Filled(text, problems);
    }

    private String value(Matcher found, List<String> problems) {
        String name = found.group("name");
        if (name == null) {
            if (found.group().equals("${")) {
                problems.add("'${' without a name and '}' after it");
            }
            return "${";
        }
        String value = environment.get(name);
        String otherwise = found.group("default");
        if (otherwise != null) {
            return value == null || value.isEmpty() ? otherwise : value;
        }
        if (value == null) {
            problems.add("environment variable " + name + " is not set");
            return "";
        }
        return value;
    }
}
