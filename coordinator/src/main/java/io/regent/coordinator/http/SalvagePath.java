package io.regent.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /salvage}, the body a GTID set: the events of everything else that the region's dead MySQL had executed, as
 * they stand in its binlog files, in a {@link SealedStream}. Only to who shows a {@link Ticket}: 403 otherwise; 503 with the reason if there is
 * nothing to be had.
 */
final class SalvagePath implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(SalvagePath.class);
    private static final int AT_ONCE = 3;
    private static final int FORBIDDEN = 403;
    private static final int LARGEST = 16 << 20;

    private final Ticket ticket;
    private final Supplier<Optional<BinlogFiles>> files;
    private final Semaphore free = new Semaphore(AT_ONCE);

    SalvagePath(Ticket ticket, Supplier<Optional<BinlogFiles>> files) {
        this.ticket = ticket;
        this.files = files;
    }

    /** A request takes its place before anything of it is read: who sends slowly keeps few threads. */
    @Override
    public void handle(Context context) throws IOException {
        if (!free.tryAcquire()) {
            refuse(context, Answer.NO, AT_ONCE + " read already");
            return;
        }
        try {
            byte[] body = context.bodyInputStream().readNBytes(LARGEST + 1);
            if (body.length > LARGEST) {
                refuse(context, Answer.WRONG, "the body is larger than " + LARGEST + " bytes");
                return;
            }
            serve(context, new String(body, StandardCharsets.UTF_8));
        } finally {
            free.release();
        }
    }

    private void serve(Context context, String body) throws IOException {
        String second = header(context, Ticket.TIME);
        String nonce = header(context, Ticket.NONCE);
        String objection =
                ticket.objection(Instant.now().getEpochSecond(), second, nonce, header(context, Ticket.CODE), body);
        if (!objection.isEmpty()) {
            LOG.warn("refused to hand out binlog events to {}: {}", context.ip(), objection);
            refuse(context, FORBIDDEN, objection);
            return;
        }
        GtidSet without;
        try {
            without = GtidSet.parse(body);
        } catch (IllegalArgumentException e) {
            refuse(context, Answer.WRONG, "the body must be a GTID set: " + e.getMessage());
            return;
        }
        send(context, without, ticket.key(Long.parseLong(second), nonce));
    }

    private static String header(Context context, String name) {
        return Objects.requireNonNullElse(context.header(name), "");
    }

    /** An error after the first byte breaks the stream off: the asker sees that its end is missing. */
    private void send(Context context, GtidSet without, SecretKey key) throws IOException {
        Optional<BinlogFiles> left = files.get();
        if (left.isEmpty()) {
            refuse(context, Answer.NO, "its MySQL is not proven dead, or its binlog files cannot be read");
            return;
        }
        try {
            left.get().executed();
        } catch (IOException e) {
            refuse(context, Answer.NO, String.valueOf(e.getMessage()));
            return;
        }
        LOG.info("hands out to {} what the dead MySQL had", context.ip());
        context.contentType("application/octet-stream");
        try {
            OutputStream sealed = SealedStream.sealing(context.outputStream(), key);
            left.get().write(without, sealed);
            sealed.close();
        } catch (IOException e) {
            LOG.warn("cannot hand out all that the dead MySQL had: {}", e.getMessage());
            throw e;
        }
    }

    private static void refuse(Context context, int code, String why) {
        StatusServer.send(context, new Answer(code, Map.of("reason", why)));
    }
}
