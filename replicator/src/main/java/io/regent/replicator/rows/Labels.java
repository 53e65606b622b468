package io.regent.replicator.rows;

import java.util.ArrayList;
import java.util.List;

/** The values of ENUM and SET columns in a form that two servers' descriptions can be compared by. */
public final class Labels {
    private Labels() {}

    /**
     * A label in ASCII stands for itself; another is written in its column's charset by one side and in UTF-8 by the
     * other, so only its place is compared.
     */
    static List<String> comparable(List<String> labels) {
        return labels.stream()
                .map(label -> label.chars().allMatch(c -> c < 0x80) ? label : "?")
                .toList();
    }

    /** Reads {@code enum('a','it''s')} or {@code set(...)} as {@code information_schema} prints them. */
    public static List<String> of(String columnType) {
        List<String> labels = new ArrayList<>();
        int at = columnType.indexOf('\'');
        while (at >= 0) {
            StringBuilder label = new StringBuilder();
            int i = at + 1;
            while (columnType.charAt(i) != '\'' || columnType.startsWith("''", i)) {
                char c = columnType.charAt(i);
                boolean pair = c == '\'' || (c == '\\' && i + 1 < columnType.length());
                label.append(pair ? unescaped(columnType.charAt(i + 1), c) : c);
                i += pair ? 2 : 1;
            }
            labels.add(label.toString());
            at = columnType.indexOf('\'', i + 1);
        }
        return comparable(labels);
    }

    /** What a quote doubled, or a backslash before a character, stands for. */
    private static char unescaped(char c, char escape) {
        if (escape == '\'') {
            return c;
        }
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '0' -> '\0';
            case 'Z' -> '\u001a';
            default -> c;
        };
    }
}
