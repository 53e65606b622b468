package io.regent.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /salvage}, the body a GTID set: the events of everything else that the region's dead MySQL had executed, as
 * they stand in its binlog files. Only to who shows a {@link Ticket}: 403 otherwise; 503 with the reason if there is
 * nothing to be had.
 */
final class SalvagePath implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(SalvagePath.class);
    private static final int AT_ONCE = 3;
    private static final int FORBIDDEN = 403;

    private final Ticket ticket;
    private final Supplier<Optional<BinlogFiles>> files;
    private final Semaphore free = new Semaphore(AT_ONCE);

    SalvagePath(Ticket ticket, Supplier<Optional<BinlogFiles>> files) {
        this.ticket = ticket;
        this.files = files;
    }

    @Override
    public void handle(Context context) {
        String body = context.body();
        String objection = ticket.objection(
                Instant.now().getEpochSecond(),
                Objects.requireNonNullElse(context.header(Ticket.TIME), ""),
                Objects.requireNonNullElse(context.header(Ticket.CODE), ""),
                body);
        if (!objection.isEmpty()) {
            LOG.warn("refused to hand out binlog events to {}: {}", context.ip(), objection);
            refuse(context, FORBIDDEN, objection);
            return;
        }
        if (!free.tryAcquire()) {
            refuse(context, Answer.NO, AT_ONCE + " read already");
            return;
        }
        try {
            send(context, GtidSet.parse(body));
        } catch (IllegalArgumentException e) {
            refuse(context, Answer.WRONG, "the body must be a GTID set: " + e.getMessage());
        } finally {
            free.release();
        }
    }

    private void send(Context context, GtidSet without) {
        Optional<BinlogFiles> left = files.get();
        if (left.isEmpty()) {
            refuse(context, Answer.NO, "its MySQL is not proven dead, or its binlog files cannot be read");
            return;
        }
        try {
            LOG.info("hands out to {} what the dead MySQL had", context.ip());
            context.contentType("application/octet-stream");
            left.get().write(without, context.outputStream());
        } catch (IOException e) {
            LOG.warn("cannot hand out what the dead MySQL had: {}", e.getMessage());
            refuse(context, Answer.NO, String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(Context context, int code, String why) {
        StatusServer.send(context, new Answer(code, Map.of("reason", why)));
    }
}
