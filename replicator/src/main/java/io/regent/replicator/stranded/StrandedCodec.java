package io.regent.replicator.stranded;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stranded transaction as bytes: what the spool's files and the payload of {@code regent.stranded} hold. */
final class StrandedCodec {
    /** The first layout ends before the base. */
    private static final int WITHOUT_BASE = 1;

    private static final int VERSION = 2;

    private StrandedCodec() {}

    static byte[] encode(StrandedTransaction transaction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            text(out, transaction.gtid().toString());
            out.writeLong(transaction.order());
            out.writeLong(transaction.committedMicros());
            out.writeInt(transaction.serverVersion());
            out.writeBoolean(transaction.format().isPresent());
            if (transaction.format().isPresent()) {
                text(out, transaction.format().get().serverVersion());
                event(out, transaction.format().get().event());
            }
            out.writeInt(transaction.rows().size());
            for (RowsStatement statement : transaction.rows()) {
                events(out, statement.tables());
                events(out, statement.rows());
            }
            out.writeInt(transaction.statements().size());
            for (String statement : transaction.statements()) {
                text(out, statement);
            }
            out.writeBoolean(transaction.obstacle().isPresent());
            text(out, transaction.obstacle().orElse(""));
            text(out, transaction.base().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads it back.
     *
     * @throws IOException if the bytes are no transaction, or one of a newer version of Regent
     */
    static StrandedTransaction decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readInt();
            if (version != VERSION && version != WITHOUT_BASE) {
                throw new IOException("layout " + version + ", this version of Regent knows " + VERSION);
            }
            return transaction(in, version);
        } catch (IllegalArgumentException | MalformedEventException e) {
            throw new IOException("no stranded transaction: " + e.getMessage(), e);
        }
    }

    private static StrandedTransaction transaction(DataInputStream in, int version) throws IOException {
        Gtid gtid = Gtid.parse(text(in));
        long order = in.readLong();
        long committedMicros = in.readLong();
        int serverVersion = in.readInt();
        Optional<FormatDescription> format = in.readBoolean() ? Optional.of(format(in)) : Optional.empty();
        List<RowsStatement> rows = statements(in);
        List<String> texts = texts(in);
        boolean obstructed = in.readBoolean();
        String obstacle = text(in);
        return new StrandedTransaction(
                gtid,
                order,
                committedMicros,
                serverVersion,
                format,
                rows,
                texts,
                obstructed ? Optional.of(obstacle) : Optional.empty(),
                version == WITHOUT_BASE ? GtidSet.EMPTY : GtidSet.parse(text(in)));
    }

    private static FormatDescription format(DataInputStream in) throws IOException {
        String serverVersion = text(in);
        return new FormatDescription(event(in), serverVersion);
    }

    private static List<RowsStatement> statements(DataInputStream in) throws IOException {
        List<RowsStatement> all = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            List<BinlogEvent> tables = events(in);
            all.add(new RowsStatement(tables, events(in)));
        }
        return all;
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> all = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            all.add(text(in));
        }
        return all;
    }

    private static void events(DataOutputStream out, List<BinlogEvent> events) throws IOException {
        out.writeInt(events.size());
        for (BinlogEvent event : events) {
            event(out, event);
        }
    }

    private static List<BinlogEvent> events(DataInputStream in) throws IOException {
        List<BinlogEvent> all = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            all.add(event(in));
        }
        return all;
    }

    private static void event(DataOutputStream out, BinlogEvent event) throws IOException {
        out.writeInt(event.size());
        out.write(event.toByteArray());
    }

    private static BinlogEvent event(DataInputStream in) throws IOException {
        return BinlogEvent.checked(bytes(in));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a part of " + length + " bytes where " + in.available() + " are left");
        }
        return in.readNBytes(length);
    }
}
