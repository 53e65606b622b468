package io.regent.replicator.stranded;

import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a transaction changed, as JSON for people and their tools: {@code {"statements": [...], "rows": [{"table", "kind",
 * "key", "before", "after"}], "left_out": n}}.
 *
 * <p>Values are strings; one longer than 1,000 characters is cut, and rows beyond a megabyte are only counted. The
 * payload holds them whole.
 */
final class ChangesJson {
    private static final int LONGEST_VALUE = 1_000;
    private static final int LONGEST = 1 << 20;

    private final StringBuilder out = new StringBuilder();

    private ChangesJson() {}

    static String of(StrandedTransaction transaction) {
        ChangesJson json = new ChangesJson();
        json.out.append("{\"statements\": [");
        String between = "";
        for (String statement : transaction.statements()) {
            json.out.append(between);
            json.string(statement);
            between = ", ";
        }
        json.out.append("], \"rows\": [");
        int leftOut = json.rows(transaction.changes());
        return json.out.append("], \"left_out\": ").append(leftOut).append('}').toString();
    }

    private int rows(List<RowChange> changes) {
        for (int i = 0; i < changes.size(); i++) {
            if (out.length() > LONGEST) {
                return changes.size() - i;
            }
            out.append(i == 0 ? "" : ", ");
            row(changes.get(i));
        }
        return 0;
    }

    private void row(RowChange change) {
        TableDescription table = change.table();
        out.append("{\"table\": ");
        string(table.name());
        out.append(", \"kind\": ");
        string(change.kind().name());
        out.append(", \"key\": ");
        image(table, change.newest(), table.primaryKey());
        out.append(", \"before\": ");
        image(table, change.before(), names(table));
        out.append(", \"after\": ");
        image(table, change.after(), names(table));
        out.append('}');
    }

    private static List<String> names(TableDescription table) {
        List<String> names = new ArrayList<>();
        table.columns().forEach(column -> names.add(column.name()));
        return names;
    }

    private void image(TableDescription table, List<ColumnValue> values, List<String> names) {
        if (values.isEmpty()) {
            out.append("null");
            return;
        }
        String between = "{";
        for (int i = 0; i < values.size(); i++) {
            String name = table.columns().get(i).name();
            if (names.contains(name)) {
                out.append(between);
                string(name);
                out.append(": ");
                value(values.get(i));
                between = ", ";
            }
        }
        out.append(between.equals("{") ? "{}" : "}");
    }

    private void value(ColumnValue value) {
        String text = value.readable();
        if (value.isNull()) {
            out.append("null");
        } else if (text.length() <= LONGEST_VALUE) {
            string(text);
        } else {
            string(text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST_VALUE) - 1)) + "... ("
                    + value.bytes().remaining() + " bytes)");
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
