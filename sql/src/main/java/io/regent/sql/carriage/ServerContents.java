package io.regent.sql.carriage;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rules look at of a server: settings, and what its schemas hold. A value; it does not follow the server. */
public final class ServerContents {
    private final Map<Kind, List<Item>> items;
    private final Map<String, String> variables = new TreeMap<>();

    /** What can be found. */
    enum Kind {
        /** A global variable and its value. */
        VARIABLE,
        /** A table, and its engine, if that is not InnoDB. */
        ENGINE,
        /** A table without a primary key, and how many indexes it has. */
        KEYLESS,
        /** A column of type VECTOR, by its table, and {@code `name` vector(n)}. */
        VECTOR,
        /** A collation that the server knows, and its number. */
        COLLATION,
        /** A collation that something uses, and what. */
        COLLATED,
        /** A named time zone, and a digest of what it says. */
        ZONE,
        /** A definition that speaks of time zones, and its text; an event, and its own zone. */
        ZONED,
        /** A channel of native replication, and where from and whether it runs. */
        CHANNEL,
        /** How many statements of a kind were executed since the server began to count. */
        STATEMENTS,
        /** A session, and its {@code binlog_format}, if that is not ROW. */
        FORMAT,
        /** A session, and its {@code binlog_row_image}, if that is not FULL. */
        IMAGE,
        /** An account with {@code 'user'@'host'} that writes past read_only, and whether it is an ADMINISTRATOR. */
        PRIVILEGED,
        /** An event that is enabled, and its definer as {@code user@host}. */
        EVENT
    }

    /**
     * Something found.
     *
     * @param schema its schema; the user for an account; empty for what has none
     * @param name its name; the host for an account
     * @param detail what the kind says
     */
    record Item(String schema, String name, String detail) {
        /** {@code schema.name}. */
        String full() {
            return schema + "." + name;
        }
    }

    /**
     * An event that is enabled.
     *
     * @param definer {@code user@host}
     */
    public record RunningEvent(String schema, String name, String definer) {
        /** {@code schema.name}. */
        public String full() {
            return schema + "." + name;
        }
    }

    ServerContents(Map<Kind, List<Item>> items) {
        this.items = new EnumMap<>(Kind.class);
        items.forEach((kind, all) -> this.items.put(kind, List.copyOf(all)));
        of(Kind.VARIABLE).forEach(variable -> variables.put(variable.name(), variable.detail()));
    }

    /** A server of which nothing is known but settings. */
    public static ServerContents ofSettings(Map<String, String> settings) {
        List<Item> all = settings.entrySet().stream()
                .map(setting -> new Item("", setting.getKey(), setting.getValue()))
                .toList();
        return new ServerContents(Map.of(Kind.VARIABLE, all));
    }

    /**
     * Reads it, by one query.
     *
     * @param session of an account that may SELECT everywhere
     * @param regent user names of Regent's accounts, which are left out
     */
    public static ServerContents read(Connection session, Collection<String> regent) throws SQLException {
        return ContentsReader.read(session, regent);
    }

    /** The events that are enabled, but for Regent's own. */
    public List<RunningEvent> events() {
        return of(Kind.EVENT).stream()
                .map(event -> new RunningEvent(event.schema(), event.name(), event.detail()))
                .toList();
    }

    List<Item> of(Kind kind) {
        return items.getOrDefault(kind, List.of());
    }

    /** A variable's value; empty if this version does not have it. */
    String value(String name) {
        return variables.getOrDefault(name, "");
    }

    boolean has(String name) {
        return variables.containsKey(name);
    }

    /** 0 for what is no number, or not there. */
    long number(String name) {
        String value = value(name);
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }

    ServerVersion version() {
        return ServerVersion.parse(value("version"));
    }

    GtidSet executed() {
        return GtidSet.parse(value("gtid_executed"));
    }
}
