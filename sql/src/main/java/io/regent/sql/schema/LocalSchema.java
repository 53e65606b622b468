package io.regent.sql.schema;

import io.regent.sql.schema.LocalObject.Kind;
import io.regent.sql.session.Quoting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code regent_local} consists of; the texts are resources of this package. */
public final class LocalSchema {
    /** The schema's name: what is in it belongs to one server only and is never replicated. */
    public static final String NAME = "regent_local";

    /** Begin of the comment of every table of this layout. */
    static final String TABLE_MARK = "regent 2:";

    private static final Pattern STATEMENT_END = Pattern.compile(";\\R");
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE regent_local\\.(\\w+)");

    private LocalSchema() {}

    /**
     * All objects in the order in which they can be created.
     *
     * @param fence user name of the fence account, definer of every program
     */
    public static List<LocalObject> objects(String fence) {
        List<LocalObject> objects = new ArrayList<>();
        for (String statement : statements("tables")) {
            Matcher matcher = TABLE.matcher(statement);
            if (matcher.find()) {
                objects.add(LocalObject.table(NAME, matcher.group(1), statement.strip(), TABLE_MARK));
            }
        }
        objects.add(program(Kind.FUNCTION, "run", fence));
        objects.add(program(Kind.FUNCTION, "refusal", fence));
        objects.add(program(Kind.PROCEDURE, "open", fence));
        objects.add(program(Kind.PROCEDURE, "guard", fence));
        objects.add(program(Kind.EVENT, "deadman", fence));
        return objects;
    }

    static List<String> statements(String name) {
        return List.of(STATEMENT_END.split(text(name), -1));
    }

    private static LocalObject program(Kind kind, String name, String fence) {
        return LocalObject.program(
                kind,
                name,
                text(name)
                        .replace("{fence}", Quoting.account(fence, "%"))
                        .replace("{fence_user}", Quoting.string(fence)));
    }

    private static String text(String name) {
        try (InputStream in = LocalSchema.class.getResourceAsStream(name + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + ".sql is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name + ".sql", e);
        }
    }
}
