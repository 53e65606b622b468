package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Waits for a server to come back, and sees that it came back closed. */
final class Restart {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Servers servers;
    private final RegionConfig region;
    private final Consumer<String> tell;

    Restart(Servers servers, RegionConfig region, Consumer<String> tell) {
        this.servers = servers;
        this.region = region;
        this.tell = tell;
    }

    /**
     * Waits until the server is what it is to become.
     *
     * @param uuid the server uuid that it is to come back with
     * @param become what else it is to be
     * @return what it is then; empty if it did not come in time
     */
    Optional<RegionServer> await(UUID uuid, Predicate<RegionServer> become, Duration within) throws CliException {
        long end = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < end) {
            Optional<RegionServer> seen = look();
            if (seen.isPresent() && seen.get().uuid().equals(uuid) && become.test(seen.get())) {
                close(seen.get());
                return seen;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Optional.empty();
    }

    private Optional<RegionServer> look() {
        try (Connection session = servers.sessions(region)
                .connectTimeout(CONNECT)
                .socketTimeout(ANSWER)
                .open()) {
            return Optional.of(RegionServer.read(region.name(), session));
        } catch (SQLException e) {
            return Optional.empty(); // on its way down or up; the caller says so when it takes too long
        }
    }

    /** It starts SEALED, as its persisted settings say; one that does not must not take writes meanwhile. */
    private void close(RegionServer seen) throws CliException {
        if (seen.isOpen()) {
            tell.accept("mysqld of " + region.name() + " started OPEN: closing it; see how it is started");
            servers.with(region, session -> {
                Statements.execute(session, "SET GLOBAL super_read_only = ON");
                return true;
            });
        }
    }
}
