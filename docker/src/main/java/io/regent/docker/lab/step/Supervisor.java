package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Daemon;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.play.Terminal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Starts coordinators that ended by themselves, as a service manager does: one that cannot tell whether its server is dead
 * ends, for its server to close by itself. To end in any other way is a fault. Those that were killed are left to whoever
 * killed them.
 */
final class Supervisor {
    private static final long AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final Fleet fleet;
    private final Terminal terminal;
    private final Findings findings;
    private final Map<String, Long> started = new HashMap<>();
    private int restarts;

    Supervisor(Stage stage) {
        this.fleet = stage.fleet();
        this.terminal = stage.terminal();
        this.findings = stage.findings();
    }

    /** Looks after all of them once, each at most every two seconds. */
    void look() {
        for (Node node : fleet.nodes()) {
            long now = System.nanoTime();
            Long last = started.get(node.name());
            if (last == null || now - last >= AGAIN_NANOS) {
                started.put(node.name(), now);
                revive(node.coordinator());
            }
        }
    }

    private void revive(Daemon coordinator) {
        if (coordinator.hasFailed()) {
            judge(coordinator);
            terminal.say("the " + coordinator.name() + " ended by itself, and is started again");
            restarts++;
            coordinator.start();
        }
    }

    private void judge(Daemon coordinator) {
        long code = coordinator.exitCode().orElse(Daemon.HALTED);
        if (code != Daemon.HALTED) {
            findings.fault(String.valueOf(coordinator.failed("ended").getMessage()));
        }
    }

    /** How often one was started again. */
    int restarts() {
        return restarts;
    }
}
