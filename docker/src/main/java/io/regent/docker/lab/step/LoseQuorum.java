package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Injector;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Write;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** ZooKeeper loses its majority: every region must close by itself, and one must open when it is back. */
public final class LoseQuorum implements Step {
    private static final Duration CLOSED = Duration.ofSeconds(12);
    private static final Duration WATCHED = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String title() {
        return "Takes ZooKeeper its majority";
    }

    @Override
    public void run(Stage stage) throws IOException {
        List<String> servers =
                new ArrayList<>(Injector.estate(stage.fleet()).zookeepers().keySet());
        servers.sort(null);
        Injector injector = WrittenDown.injector(stage);
        Deque<Lasting> lasting = new ArrayDeque<>();
        try {
            for (String server : servers.subList(0, servers.size() / 2 + 1)) {
                lasting.push(injector.inject(Fault.ZOOKEEPER_KILLED, server));
            }
            long lost = System.nanoTime();
            stage.terminal().say(lasting.size() + " of " + servers.size() + " ZooKeeper servers are killed ...");
            Waiting.pass(CLOSED);
            judge(stage, lost);
        } finally {
            Lasting.closeAll(lasting);
        }
        reopen(stage);
        new Recovery().run(stage);
    }

    private static void judge(Stage stage, long lostNanos) {
        int mark = stage.history().size();
        Waiting.pass(WATCHED);
        long now = System.nanoTime();
        Duration bound = ClosedInTime.bound(Timing.standard());
        for (Node node : stage.fleet().nodes()) {
            stage.findings()
                    .demand(new ClosedInTime(
                            node.name(), lostNanos, now, bound, stage.load().refusals()));
        }
        long acknowledged = stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .count();
        if (acknowledged > 0) {
            stage.terminal().bad(acknowledged + " writes were acknowledged");
            stage.findings().fault(acknowledged + " writes were acknowledged without a majority of ZooKeeper");
        } else {
            stage.terminal().good("no region takes writes");
        }
    }

    private static void reopen(Stage stage) {
        Supervisor supervisor = new Supervisor(stage);
        int mark = stage.history().size();
        long began = System.nanoTime();
        boolean open = Waiting.until(LIMIT, () -> {
            supervisor.look();
            return stage.history().since(mark).stream().anyMatch(Write::isAcknowledged);
        });
        if (!open) {
            throw new FleetException("no region takes writes " + LIMIT.toSeconds() + " s after the majority was back");
        }
        stage.terminal()
                .good("writes were acknowledged again "
                        + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms after the majority was back");
    }
}
