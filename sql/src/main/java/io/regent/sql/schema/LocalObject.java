package io.regent.sql.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A table, stored program or event of {@code regent_local}, or a table of {@code regent}, as it must be.
 *
 * @param kind what it is
 * @param schema where it is
 * @param name its name within the schema
 * @param statement the statement that creates it
 * @param body what MySQL keeps as its definition, from BEGIN to END; empty for a table
 * @param mark how its comment begins: the layout's version of a table, the fingerprint of anything else
 */
public record LocalObject(Kind kind, String schema, String name, String statement, String body, String mark) {
    private static final int FINGERPRINT_BYTES = 6;

    /** What an object can be. */
    public enum Kind {
        /** A table; never changed once it is there. */
        TABLE,
        /** A stored function. */
        FUNCTION,
        /** A stored procedure. */
        PROCEDURE,
        /** A scheduled event. */
        EVENT
    }

    static LocalObject table(String schema, String name, String statement, String mark) {
        return new LocalObject(Kind.TABLE, schema, name, statement, "", mark);
    }

    /**
     * A program from its text, in which {@code {fingerprint}} stands at the begin of its comment.
     *
     * @param text statement with its definer filled in
     */
    static LocalObject program(Kind kind, String name, String text) {
        String mark = "regent " + fingerprint(text) + ":";
        String statement = text.replace("{fingerprint}", mark).strip();
        return new LocalObject(
                kind, LocalSchema.NAME, name, statement, statement.substring(statement.indexOf("\nBEGIN") + 1), mark);
    }

    private static String fingerprint(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
