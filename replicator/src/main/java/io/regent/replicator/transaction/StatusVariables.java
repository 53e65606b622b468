package io.regent.replicator.transaction;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the status variables of a QUERY event, one code after the other, into a {@link SessionContext}. */
final class StatusVariables {
    private static final int TOO_MANY_DATABASES = 254;

    private final ByteBuffer in;

    private OptionalInt optionFlags = OptionalInt.empty();
    private OptionalLong sqlMode = OptionalLong.empty();
    private SessionContext.@Nullable Charsets charsets;
    private int databaseCollation;
    private @Nullable String timeZone;
    private int localeNumber;
    private SessionContext.@Nullable AutoIncrement autoIncrement;
    private int microseconds;
    private Optional<Boolean> explicitDefaults = Optional.empty();
    private OptionalInt utf8mb4Collation = OptionalInt.empty();
    private Optional<Boolean> requirePrimaryKey = Optional.empty();
    private Optional<Boolean> tableEncryption = Optional.empty();

    private StatusVariables(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    static SessionContext parse(ByteBuffer variables, long timestampSeconds) {
        StatusVariables reader = new StatusVariables(variables);
        while (reader.in.hasRemaining()) {
            reader.readOne(reader.in.get() & 0xff);
        }
        return reader.context(timestampSeconds);
    }

    private SessionContext context(long timestampSeconds) {
        return new SessionContext(
                timestampSeconds,
                microseconds,
                optionFlags,
                sqlMode,
                charsets,
                databaseCollation,
                timeZone,
                localeNumber,
                autoIncrement,
                explicitDefaults,
                utf8mb4Collation,
                requirePrimaryKey,
                tableEncryption);
    }

    /** The codes are MySQL's {@code Query_event_status_vars}; their lengths are fixed by the code, not written down. */
    private void readOne(int code) {
        switch (code) {
            case 0 -> optionFlags = OptionalInt.of(in.getInt());
            case 1 -> sqlMode = OptionalLong.of(in.getLong());
            case 2 -> skip((in.get() & 0xff) + 1); // catalogue, as MySQL 5.0 wrote it
            case 3 -> autoIncrement = new SessionContext.AutoIncrement(unsignedShort(), unsignedShort());
            case 4 -> charsets = new SessionContext.Charsets(unsignedShort(), unsignedShort(), unsignedShort());
            case 5 -> timeZone = text();
            case 6 -> skip(in.get() & 0xff); // catalogue, always "std"
            case 7 -> localeNumber = unsignedShort();
            case 8 -> databaseCollation = unsignedShort();
            case 9 -> skip(8); // tables of a multi-table update, statement format only
            case 10 -> skip(4); // length before a relay log changed it
            case 11 -> skipInvoker(); // the text of a DDL names its definer
            case 12 -> skipDatabases();
            case 13 -> microseconds = unsignedShort() | (in.get() & 0xff) << 16;
            case 16 -> explicitDefaults = Optional.of(in.get() != 0);
            case 17 -> skip(8); // the DDL's own XID
            case 18 -> utf8mb4Collation = OptionalInt.of(unsignedShort());
            case 19 -> requirePrimaryKey = Optional.of(in.get() != 0);
            case 20 -> tableEncryption = Optional.of(in.get() != 0);
            default ->
                throw new UncarriableException("a statement in the source's binlog carries session variable " + code
                        + ", which this version of Regent does not know: upgrade Regent");
        }
    }

    private int unsignedShort() {
        return in.getShort() & 0xffff;
    }

    private String text() {
        byte[] bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void skip(int bytes) {
        in.position(in.position() + bytes);
    }

    private void skipInvoker() {
        skip(in.get() & 0xff);
        skip(in.get() & 0xff);
    }

    private void skipDatabases() {
        int count = in.get() & 0xff;
        for (int i = 0; count != TOO_MANY_DATABASES && i < count; i++) {
            byte next = in.get();
            while (next != 0) {
                next = in.get();
            }
        }
    }
}
