package io.regent.docker.bench;

import io.regent.docker.lab.play.Terminal;
import io.regent.replicator.order.CommitOrder;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** All rounds of one run, on one trio of servers. */
final class LinkBench {
    private static final List<Integer> WORKERS = List.of(4, 16);
    private static final int WARM_UP = 4_000;
    private static final double PERCENT = 0.01;
    private static final double THOUSAND = 1_000;

    private final Plan plan;
    private final BenchServers servers;
    private final Terminal terminal;
    private final List<LinkResult> results = new ArrayList<>();
    private long seed;
    private int drains;

    private LinkBench(Plan plan, BenchServers servers, Terminal terminal) {
        this.plan = plan;
        this.servers = servers;
        this.terminal = terminal;
        this.seed = plan.seed();
    }

    /**
     * What is to be measured.
     *
     * @param transactions how many of one row a drain is worth
     * @param rounds drains per shape and order with each number of replica's workers
     * @param steady for how long a steady rate is written; zero for not at all
     * @param load that rate, in percent of what the replica drained
     */
    record Plan(
            List<Shape> shapes,
            List<CommitOrder> orders,
            int transactions,
            int rounds,
            Duration steady,
            int load,
            boolean durable,
            long seed) {}

    /** What one shape and order came to. */
    private record Rounds(List<Drain> regent, Map<Integer, List<Drain>> replica) {
        Map.Entry<Integer, Double> best() {
            Map<Integer, Double> medians = new TreeMap<>();
            replica.forEach((workers, drains) -> medians.put(workers, median(drains)));
            return medians.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        }
    }

    /** Measures all of it; the servers are gone afterwards. */
    static List<LinkResult> run(Plan plan, Path directory, Terminal terminal) throws SQLException {
        terminal.say("starts a source and two targets ...");
        try (BenchServers servers = new BenchServers(directory, plan.durable())) {
            LinkBench bench = new LinkBench(plan, servers, terminal);
            bench.warmUp();
            for (Shape shape : plan.shapes()) {
                for (CommitOrder order : plan.orders()) {
                    bench.measure(shape, order);
                }
            }
            bench.requireEqual();
            return List.copyOf(bench.results);
        }
    }

    /** Neither a cold JVM nor cold tables are measured. */
    private void warmUp() throws SQLException {
        try (Connection source = servers.source().sessions().open()) {
            Shape.prepare(source);
            Steady.prepare(source);
        }
        terminal.say("warms both up ...");
        for (Shape shape : List.of(Shape.ONE, Shape.MIXED)) {
            both(shape, CommitOrder.GROUPED, 16, WARM_UP);
        }
        terminal.output(LinkResult.head());
    }

    /** What is fast and wrong is no figure. */
    private void requireEqual() throws SQLException {
        GtidSet all = Backlog.executed(servers.source().sessions());
        Backlog rest = new Backlog(all, all); // a steady rate is not waited for to its end
        Drain.of(new RegentCarrier(servers, CommitOrder.GROUPED), servers.regent(), rest);
        Drain.of(new NativeCarrier(servers.replica(), WORKERS.get(0), true), servers.replica(), rest);
        for (String table : Shape.tables()) {
            String source = checksum(servers.source(), table);
            for (LocalMysql target : List.of(servers.regent(), servers.replica())) {
                if (!checksum(target, table).equals(source)) {
                    throw new SQLException(table + " is not the same at the target '" + target.name() + "'");
                }
            }
        }
    }

    private static String checksum(LocalMysql server, String table) throws SQLException {
        try (Connection connection = server.sessions().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("CHECKSUM TABLE " + table)) {
            row.next();
            return String.valueOf(row.getString(2));
        }
    }

    private void measure(Shape shape, CommitOrder order) throws SQLException {
        Rounds rounds = new Rounds(new ArrayList<>(), new TreeMap<>());
        int count = shape.count(plan.transactions());
        for (int round = 0; round < plan.rounds(); round++) {
            for (int workers : WORKERS) {
                Pair pair = both(shape, order, workers, count);
                rounds.regent.add(pair.regent);
                rounds.replica
                        .computeIfAbsent(workers, unused -> new ArrayList<>())
                        .add(pair.replica);
            }
        }
        LinkResult drained = drained(shape, order, rounds);
        tell(drained);
        if (!plan.steady().isZero()) {
            tell(steady(shape, order, drained));
        }
    }

    private void tell(LinkResult result) {
        results.add(result);
        terminal.output(result.line());
    }

    private record Pair(Drain regent, Drain replica) {}

    /** One backlog, drained by both, one after the other; who is first is second next time. */
    private Pair both(Shape shape, CommitOrder order, int workers, int count) throws SQLException {
        Backlog backlog = Backlog.write(servers.source().sessions(), shape, count, seed++);
        Carrier link = new RegentCarrier(servers, order);
        Carrier replica = new NativeCarrier(servers.replica(), workers, order != CommitOrder.FREE);
        if (drains++ % 2 == 0) {
            Drain first = Drain.of(link, servers.regent(), backlog);
            return new Pair(first, Drain.of(replica, servers.replica(), backlog));
        }
        Drain first = Drain.of(replica, servers.replica(), backlog);
        return new Pair(Drain.of(link, servers.regent(), backlog), first);
    }

    private LinkResult drained(Shape shape, CommitOrder order, Rounds rounds) {
        Map.Entry<Integer, Double> best = rounds.best();
        double regent = median(rounds.regent);
        List<Drain> theirs = Objects.requireNonNull(rounds.replica.get(best.getKey()));
        return new LinkResult(
                shape.title(),
                "drain",
                nameOf(order),
                plan.durable(),
                round(regent),
                round(best.getValue()),
                best.getKey(),
                ratio(regent, best.getValue()),
                "transactions/s",
                null,
                new LinkResult.Cpu(
                        perThousand(rounds.regent, true),
                        perThousand(rounds.regent, false),
                        perThousand(theirs, false)),
                null);
    }

    /** At a part of what the replica drains. */
    private LinkResult steady(Shape shape, CommitOrder order, LinkResult drained) throws SQLException {
        double rate = drained.nativeBest() * plan.load() * PERCENT;
        Carrier link = new RegentCarrier(servers, order);
        Carrier replica = new NativeCarrier(servers.replica(), drained.nativeWorkers(), order != CommitOrder.FREE);
        Steady.Lags lags;
        double written;
        try {
            link.start();
            replica.start();
            awaitLevel(link, replica);
            long before = Backlog.executed(servers.source().sessions()).count();
            lags = Steady.measure(servers, shape, rate, plan.steady(), seed++);
            written = (Backlog.executed(servers.source().sessions()).count() - before)
                    / (double) plan.steady().toSeconds();
        } finally {
            link.stop();
            replica.stop();
        }
        return new LinkResult(
                shape.title(),
                "steady",
                nameOf(order),
                plan.durable(),
                lags.regent().p99(),
                lags.replica().p99(),
                drained.nativeWorkers(),
                ratio(lags.regent().p99(), lags.replica().p99()),
                "ms (p99)",
                round(written),
                null,
                new LinkResult.Lags(lags.regent(), lags.replica()));
    }

    /** Until both carry: to connect and to start is no lag. */
    private void awaitLevel(Carrier link, Carrier replica) throws SQLException {
        Backlog marker = Backlog.write(servers.source().sessions(), Shape.ONE, 1, seed++);
        try (Connection regent = servers.regent().sessions().open();
                Connection other = servers.replica().sessions().open()) {
            Drain.await(regent, marker.all(), link);
            Drain.await(other, marker.all(), replica);
        }
    }

    private static String nameOf(CommitOrder order) {
        return order.name().toLowerCase(Locale.ROOT);
    }

    private static double median(List<Drain> drains) {
        List<Double> sorted = drains.stream()
                .map(Drain::perSecond)
                .sorted(Comparator.naturalOrder())
                .toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static double perThousand(List<Drain> drains, boolean own) {
        double seconds = drains.stream()
                .mapToDouble(drain -> own ? drain.ownCpu() : drain.serverCpu())
                .sum();
        double thousands = drains.stream().mapToLong(Drain::transactions).sum() / THOUSAND;
        return Math.round(seconds / thousands * 100) / 100.0;
    }

    private static double round(double figure) {
        return Math.round(figure * 10) / 10.0;
    }

    private static double ratio(double ours, double theirs) {
        return theirs == 0 ? 0 : Math.round(ours / theirs * 100) / 100.0;
    }
}
