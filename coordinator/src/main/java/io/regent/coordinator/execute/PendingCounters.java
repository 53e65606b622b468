package io.regent.coordinator.execute;

import io.regent.sql.counter.Counters;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.session.MysqlErrors;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters that are still to be raised. Each table is tried by itself, so that one that is never free keeps no other from
 * it, and ever more rarely: behind a try that waits its clients wait.
 */
final class PendingCounters {
    private static final Logger LOG = LoggerFactory.getLogger(PendingCounters.class);
    private static final Duration FIRST = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final String region;
    private final Map<Table, Pending> tables = new LinkedHashMap<>();

    /** @param pause after the next failure */
    private record Pending(BigInteger above, long notBefore, Duration pause) {
        Pending atLeast(BigInteger other) {
            return new Pending(above.max(other), notBefore, pause);
        }

        Pending later() {
            Duration twice = pause.multipliedBy(2);
            return new Pending(
                    above, System.nanoTime() + pause.toNanos(), twice.compareTo(LONGEST) < 0 ? twice : LONGEST);
        }
    }

    PendingCounters(String region) {
        this.region = region;
    }

    /** These are to be raised too. */
    void add(Map<Table, BigInteger> highest) {
        highest.forEach((table, above) -> {
            Pending known = tables.get(table);
            tables.put(table, known == null ? new Pending(above, System.nanoTime(), FIRST) : known.atLeast(above));
        });
    }

    /** None is to be raised any more. */
    void clear() {
        tables.clear();
    }

    /**
     * Tries those whose time has come.
     *
     * @param stop whether to leave the rest for another time
     * @throws SQLException if the session is lost
     */
    void raise(Connection session, BooleanSupplier stop) throws SQLException {
        for (Table table : List.copyOf(tables.keySet())) {
            Pending pending = Objects.requireNonNull(tables.get(table));
            if (!stop.getAsBoolean() && System.nanoTime() - pending.notBefore() >= 0) {
                raise(session, table, pending);
            }
        }
    }

    private void raise(Connection session, Table table, Pending pending) throws SQLException {
        try {
            if (Counters.raise(session, table, pending.above())) {
                LOG.info(
                        "region={} the counter of {} was raised above {}, which is stranded",
                        region,
                        table,
                        pending.above());
            }
            tables.remove(table);
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            LOG.warn(
                    "region={} the counter of {} can't be raised above {} now, so numbers up to it that stranded"
                            + " transactions used may be given out again: {}; it is tried again in {} s",
                    region,
                    table,
                    pending.above(),
                    MysqlErrors.message(e),
                    pending.pause().toSeconds());
            tables.put(table, pending.later());
        }
    }
}
