package io.regent.sql.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema {@code regent}, whose rows are ordinary ones: the master writes them, links carry them to every region.
 *
 * <p>Its tables are made in every region by {@code init} all the same, and in no binlog: a definition that a master logs has
 * no inverse, so that a region which is lost before others have it could not be rewound for a table of Regent's own.
 */
public final class SharedSchema {
    /** Its name. */
    public static final String NAME = "regent";

    private static final String TABLE_MARK = "regent 1:";
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE IF NOT EXISTS regent\\.(\\w+)");

    private SharedSchema() {}

    /** Its tables, each to be made where it is missing. */
    public static List<LocalObject> tables() {
        List<LocalObject> all = new ArrayList<>();
        for (String statement : LocalSchema.statements(NAME)) {
            Matcher matcher = TABLE.matcher(statement);
            if (matcher.find()) {
                all.add(LocalObject.table(NAME, matcher.group(1), statement.strip(), TABLE_MARK));
            }
        }
        return all;
    }

    /**
     * The statement that makes one of them where it is missing.
     *
     * @throws java.util.NoSuchElementException if it has no such table
     */
    public static String statement(String table) {
        return tables().stream()
                .filter(one -> one.name().equals(table))
                .findFirst()
                .orElseThrow()
                .statement();
    }
}
