package io.regent.replicator.rows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The values of ENUM and SET columns in a form that two servers' descriptions can be compared by. */
public final class Labels {
    /** The collations of a charset of seven bits, in which these stand for letters that are not ASCII. */
    private static final Set<Integer> SWE7 = Set.of(10, 82);

    private static final String LETTERS_OF_SWE7 = "@[\\]^`{|}~";

    private Labels() {}

    /** Labels as TABLE_MAP holds them, in the charset of their column. */
    static List<String> comparable(List<byte[]> labels, int collation) {
        return comparable(labels.stream().map(label -> text(label, collation)).toList());
    }

    private static String text(byte[] label, int collation) {
        String text = new String(label, Charsets.of(collation).orElse(StandardCharsets.UTF_8));
        boolean swedish = SWE7.contains(collation) && text.chars().anyMatch(c -> LETTERS_OF_SWE7.indexOf(c) >= 0);
        return swedish ? "\u00c4" : text;
    }

    /**
     * A label in ASCII stands for itself; of another, which two charsets may map otherwise, only its place is compared.
     */
    private static List<String> comparable(List<String> labels) {
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
