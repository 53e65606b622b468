package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.init.ServerInit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** How every server must be in the end. */
final class Ending {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final NativeServers servers;
    private final LeaveOrder order;

    Ending(NativeServers servers, LeaveOrder order) {
        this.servers = servers;
        this.order = order;
    }

    /** What is not as it must be, after some patience; empty if all is. */
    List<String> problems(List<String> others) throws CliException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> problems = now(others);
        while (!problems.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            problems = now(others);
        }
        return problems;
    }

    private List<String> now(List<String> others) throws CliException {
        List<String> problems = new ArrayList<>();
        String source = order.source().name();
        if (!new Opening(servers, source).isOpen()) {
            problems.add(source + " takes no writes: " + Opening.BY_HAND);
        }
        if (!servers.at(source, ServerInit::isStartedOpen)) {
            problems.add(source + " may start closed: SET PERSIST_ONLY super_read_only = 'OFF', and read_only, there");
        }
        for (String region : others) {
            Optional<String> problem = new Following(servers, region, order).problem();
            problem.ifPresent(problems::add);
        }
        return problems;
    }
}
