package io.regent.docker.bench;

import com.sun.management.OperatingSystemMXBean;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a backlog was drained.
 *
 * @param transactions how many were timed
 * @param seconds how long they took
 * @param serverCpu seconds of processor time of the target's mysqld meanwhile
 * @param ownCpu the same of this process, in which the link runs
 */
record Drain(long transactions, double seconds, double serverCpu, double ownCpu) {
    private static final int SLICE_SECONDS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    double perSecond() {
        return transactions / seconds;
    }

    /** Lets a carrier bring a backlog to a target, and times it. */
    static Drain of(Carrier carrier, LocalMysql target, Backlog backlog) throws SQLException {
        try (Connection connection = target.sessions().open()) {
            carrier.start();
            try {
                await(connection, backlog.begun(), carrier);
                long begun = System.nanoTime();
                double server = cpu(target);
                double own = ownProcess();
                await(connection, backlog.all(), carrier);
                return new Drain(
                        backlog.timed(), (System.nanoTime() - begun) / NANOS, cpu(target) - server, ownProcess() - own);
            } finally {
                carrier.stop();
            }
        }
    }

    /** Waits inside the server, which costs nothing. */
    static void await(Connection target, GtidSet executed, Carrier carrier) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<String> late = Statements.text(
                    target, "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)", executed.toString(), SLICE_SECONDS);
            if (late.equals(Optional.of("0"))) {
                return;
            }
            carrier.check();
        }
        throw new SQLException("nothing came of it within " + PATIENCE.toMinutes() + " minutes");
    }

    private static double cpu(LocalMysql server) {
        return ProcessHandle.of(server.pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO)
                        .toNanos()
                / NANOS;
    }

    private static double ownProcess() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / NANOS;
    }
}
