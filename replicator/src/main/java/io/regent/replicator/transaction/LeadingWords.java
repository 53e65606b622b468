package io.regent.replicator.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The first words of a statement, upper case, comments left out as MySQL leaves them out. */
final class LeadingWords {
    private final String sql;
    private int at;

    private LeadingWords(String sql) {
        this.sql = sql;
    }

    /** At most {@code count} words; fewer if something else than a word comes first. */
    static List<String> of(String sql, int count) {
        LeadingWords reader = new LeadingWords(sql);
        List<String> words = new ArrayList<>();
        while (words.size() < count) {
            reader.skipSpace(words.isEmpty());
            String word = reader.word();
            if (word.isEmpty()) {
                return words;
            }
            words.add(word);
        }
        return words;
    }

    private String word() {
        int begin = at;
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
            at++;
        }
        return sql.substring(begin, at).toUpperCase(Locale.ROOT);
    }

    /** Passes over blanks and comments; before the first word over brackets and semicolons too. */
    private void skipSpace(boolean first) {
        int before;
        do {
            before = at;
            while (at < sql.length() && isSpace(sql.charAt(at), first)) {
                at++;
            }
            skipComment();
        } while (at > before);
    }

    private static boolean isSpace(char c, boolean first) {
        return c <= ' ' || (first && (c == '(' || c == ';'));
    }

    private void skipComment() {
        if (sql.startsWith("/*!", at)) {
            at += 3; // what follows is code for MySQL
            while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                at++;
            }
        } else if (sql.startsWith("*/", at)) {
            at += 2;
        } else if (sql.startsWith("/*", at)) {
            at = behind("*/", at + 2);
        } else if (sql.startsWith("#", at) || isDashes()) {
            at = behind("\n", at);
        }
    }

    private boolean isDashes() {
        return sql.startsWith("--", at) && (at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
    }

    private int behind(String end, int from) {
        int found = sql.indexOf(end, from);
        return found < 0 ? sql.length() : found + end.length();
    }
}
