package io.regent.sql.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a coordinator answers. An application is not to need a JSON library
 * for four fields.
 */
final class FlatJson {
    private static final int DEEPEST = 4;
    private static final int UNICODE_DIGITS = 4;
    private static final int HEX = 16;

    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @throws IOException if the text is anything else
     */
    static Map<?, ?> parse(String text) throws IOException {
        FlatJson json = new FlatJson(text);
        if (json.value(0) instanceof Map<?, ?> object && json.peek() == '\0') {
            return object;
        }
        throw json.wrong();
    }

    private Object value(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw wrong();
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> literal();
        };
    }

    private Map<String, Object> object(int depth) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            if (!all.isEmpty()) {
                expect(',');
            }
            String key = string();
            expect(':');
            all.put(key, value(depth + 1));
        }
        expect('}');
        return all;
    }

    private List<Object> array(int depth) throws IOException {
        List<Object> all = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            if (!all.isEmpty()) {
                expect(',');
            }
            all.add(value(depth + 1));
        }
        expect(']');
        return all;
    }

    private String string() throws IOException {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = take();
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws IOException {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() throws IOException {
        int end = at + UNICODE_DIGITS;
        if (end > text.length()) {
            throw wrong();
        }
        try {
            char c = (char) Integer.parseInt(text.substring(at, end), HEX);
            at = end;
            return c;
        } catch (NumberFormatException e) {
            throw wrong();
        }
    }

    /** A whole number, or the text of what else stands there: a later version may say more. */
    private Object literal() throws IOException {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String literal = text.substring(start, at);
        if (literal.isEmpty()) {
            throw wrong();
        }
        return literal.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(literal) : literal;
    }

    /** The next character that is no blank; NUL at the end. */
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char wanted) throws IOException {
        if (peek() != wanted) {
            throw wrong();
        }
        at++;
    }

    private char take() throws IOException {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at++);
    }

    private IOException wrong() {
        return new IOException("no answer of a coordinator; at offset " + at + " of: "
                + text.substring(0, Math.min(text.length(), 80)));
    }
}
