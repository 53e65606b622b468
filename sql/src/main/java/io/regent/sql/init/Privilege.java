package io.regent.sql.init;

import io.regent.sql.schema.LocalSchema;
import io.regent.sql.session.ServerVersion;

/**
 * One right of an account, and why it is needed.
 *
 * @param name as GRANT writes it
 * @param schema the schema it is granted on; empty for the whole server
 * @param why one sentence
 * @param from the first version that has it
 * @param until the first version that no longer has it
 */
public record Privilege(String name, String schema, String why, ServerVersion from, ServerVersion until) {
    private static final ServerVersion ALWAYS = new ServerVersion(0, 0, 0);
    private static final ServerVersion NEVER = new ServerVersion(Integer.MAX_VALUE, 0, 0);

    static Privilege global(String name, String why) {
        return new Privilege(name, "", why, ALWAYS, NEVER);
    }

    static Privilege on(String schema, String name, String why) {
        return new Privilege(name, schema, why, ALWAYS, NEVER);
    }

    static Privilege local(String name, String why) {
        return on(LocalSchema.NAME, name, why);
    }

    Privilege from(int major, int minor) {
        return new Privilege(name, schema, why, new ServerVersion(major, minor, 0), until);
    }

    Privilege until(int major, int minor) {
        return new Privilege(name, schema, why, from, new ServerVersion(major, minor, 0));
    }

    boolean existsIn(ServerVersion version) {
        return version.compareTo(from) >= 0 && version.compareTo(until) < 0;
    }
}
