package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.replicator.stranded.StrandedNumbers;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.counter.Counters;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.rebuild.AutoCnf;
import io.regent.sql.rebuild.ClonePlugin;
import io.regent.sql.rebuild.Cloning;
import io.regent.sql.rebuild.Rebase;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/** Does it, in the order that the package says. Every step can be done again. */
final class Rebuilding {
    private static final Duration KILLED = Duration.ofSeconds(30);
    private static final String PATIENCE = "SET SESSION lock_wait_timeout = 5";

    private final ClusterConfig config;
    private final ClusterObserver observer;
    private final Order order;
    private final Servers servers;
    private final Consumer<String> tell;
    private final Supplier<UUID> random;

    Rebuilding(
            ClusterConfig config,
            ClusterObserver observer,
            Order order,
            Servers servers,
            Consumer<String> tell,
            Supplier<UUID> random) {
        this.config = config;
        this.observer = observer;
        this.order = order;
        this.servers = servers;
        this.tell = tell;
        this.random = random;
    }

    /** The region's data is replaced by the source's, unless it is that already. */
    RegionReport rebuild(RegionServer target, RegionConfig source, RegionPlan plan) throws CliException {
        RegionReport report = RegionReport.of(order, source.name(), plan);
        UUID uuid = claim(target, false);
        if (plan.copied()) {
            return report(report, target, uuid, true);
        }
        raiseCounters(source);
        boolean written = write(target, uuid);
        UUID donor = servers.read(source).uuid();
        copy(source);
        if (!written) {
            tellByHand(target, uuid);
        }
        Optional<RegionServer> back = new Restart(servers, order.region(), tell)
                .await(uuid, server -> donor.equals(server.rowsOf()), order.timeout());
        return back.isPresent() ? finish(report, back.get(), true) : notBack(report);
    }

    /** The region keeps its data. */
    RegionReport rejoin(RegionServer target, RegionPlan plan) throws CliException {
        RegionReport report = RegionReport.of(order, "", plan);
        return report(report, target, claim(target, true), plan.copied());
    }

    private RegionReport report(RegionReport report, RegionServer target, UUID uuid, boolean copied)
            throws CliException {
        if (target.uuid().equals(uuid)) {
            return finish(report, target, copied);
        }
        if (write(target, uuid)) {
            tell.accept("restart mysqld of " + order.region().name() + " now: it comes back with the server uuid "
                    + uuid + "; waiting up to " + order.timeout().toSeconds() + " s");
        } else {
            tellByHand(target, uuid);
        }
        Optional<RegionServer> back =
                new Restart(servers, order.region(), tell).await(uuid, server -> true, order.timeout());
        return back.isPresent() ? finish(report, back.get(), copied) : notBack(report);
    }

    private UUID claim(RegionServer target, boolean keepsData) throws CliException {
        ClusterState cluster = ZooKeeperAccess.look(observer, config);
        UUID uuid = NewUuid.choose(cluster, target, keepsData, random.get());
        NewUuid.claim(observer, config, order.region().name(), uuid);
        return uuid;
    }

    /** False if the file is on another host, or not for us to write. */
    private boolean write(RegionServer target, UUID uuid) throws CliException {
        if (target.uuid().equals(uuid)) {
            return true;
        }
        Optional<AutoCnf> file = servers.with(order.region(), session -> AutoCnf.of(session, target.place(), uuid))
                .filter(AutoCnf::isWritable);
        try {
            if (file.isPresent()) {
                file.get().write(uuid);
            }
            return file.isPresent();
        } catch (IOException e) {
            throw new CliException(
                    "cannot write " + file.orElseThrow() + " (" + e
                            + "); run this as the owner of the data directory, or elsewhere to be told what to do by hand",
                    e);
        }
    }

    private void tellByHand(RegionServer target, UUID uuid) {
        tell.accept("on the host of " + order.region().name() + ": stop mysqld, write these two lines to "
                + target.place().dataDirectory().resolve("auto.cnf") + " and start it; waiting up to "
                + order.timeout().toSeconds() + " s");
        AutoCnf.text(uuid).lines().forEach(tell);
    }

    private RegionReport notBack(RegionReport report) {
        return report.unfinished(List.of("mysqld of " + order.region().name() + " at "
                + order.region().mysql() + " is not back within "
                + order.timeout().toSeconds()
                + " s: start it, and run this again"));
    }

    /**
     * What the region gave out is given to nobody else, though its data go: the source's counters are raised above the
     * region's own and above what stranded transactions used, and the copy brings them along. Done before anything is
     * lost, so that it can be done again.
     */
    private void raiseCounters(RegionConfig source) throws CliException {
        Map<Table, BigInteger> own = servers.with(order.region(), session -> Counters.givenOut(Counters.read(session)));
        List<Table> raised = servers.with(source, session -> {
            Statements.execute(session, PATIENCE);
            List<Table> all = new ArrayList<>(Counters.raise(session, own));
            if (StrandedTable.hasDecisions(session)) {
                all.addAll(Counters.raise(session, StrandedNumbers.highest(session, StrandedTable.gtids(session))));
            }
            return all;
        });
        if (!raised.isEmpty()) {
            tell.accept("AUTO_INCREMENT of " + source.name() + " was raised above what "
                    + order.region().name() + " gave out: " + raised);
        }
    }

    private void copy(RegionConfig source) throws CliException {
        String suffix = suffix(order.region().name());
        String password = random.get().toString() + "aA1!";
        String user = servers.with(source, session -> {
            ClonePlugin plugin = new ClonePlugin(session);
            plugin.install();
            return plugin.createDonorAccount(suffix, password);
        });
        try {
            Cloning.End end = servers.with(order.region(), session -> {
                if (!Cloning.endLeftOver(session, System.nanoTime() + KILLED.toNanos(), System::nanoTime)) {
                    throw new CliException("a clone of an earlier try goes on in "
                            + order.region().name() + " and does not end; wait for it and run this again");
                }
                // A clone drops schemas, which a SEALED server refuses; clients do not write either way.
                Statements.execute(session, "SET GLOBAL read_only = ON");
                Statements.execute(session, "SET GLOBAL super_read_only = OFF");
                new ClonePlugin(session).install();
                tell.accept(
                        "cloning " + source.name() + " into " + order.region().name());
                return clone(source, new Account(user, password));
            });
            tell.accept(
                    end == Cloning.End.STOPS
                            ? "the data is there; mysqld of " + order.region().name() + " stops, and nothing starts it"
                                    + " again: start it now; waiting up to "
                                    + order.timeout().toSeconds() + " s"
                            : "the data is there; mysqld of " + order.region().name() + " restarts");
        } finally {
            servers.with(source, session -> {
                new ClonePlugin(session).dropDonorAccount(suffix);
                return true;
            });
        }
    }

    private Cloning.End clone(RegionConfig source, Account account) throws CliException {
        try {
            return new Cloning(servers.sessions(order.region()), tell).run(source.mysql(), account);
        } catch (SQLException e) {
            throw new CliException(
                    "the clone of " + source.name() + " into " + order.region().name() + " failed: "
                            + MysqlErrors.message(e)
                            + ". The old data is gone or half gone: mend the cause and run this again",
                    e);
        }
    }

    /** Two rebuilds from one source do not share an account. */
    private static String suffix(String region) {
        CRC32 crc = new CRC32();
        crc.update(region.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private RegionReport finish(RegionReport report, RegionServer target, boolean copied) throws CliException {
        ClusterState cluster = ZooKeeperAccess.look(observer, config);
        List<String> problems = copied ? RegionPlan.problemsOfCopy(cluster, target) : List.of();
        if (!problems.isEmpty()) {
            return report.unfinished(problems);
        }
        int increment = target.tuning().increment();
        return servers.with(order.region(), session -> {
            // Before its own coordinator may go on: afterwards this is one of many administrators.
            Statements.execute(session, "SET GLOBAL read_only = ON");
            Statements.execute(session, "SET GLOBAL super_read_only = OFF");
            new ClonePlugin(session).dropDonorAccounts();
            tellEvents(session);
            Rebase.run(session, copied);
            ready(session, increment);
            return report.done(target.uuid().toString());
        });
    }

    /** Events are each region's own, and a clone brings its donor's along. */
    private void tellEvents(Connection session) throws SQLException {
        Statements.text(
                        session,
                        "SELECT GROUP_CONCAT(EVENT_SCHEMA, '.', EVENT_NAME) FROM information_schema.EVENTS"
                                + " WHERE EVENT_SCHEMA <> 'regent_local' AND STATUS = 'ENABLED'")
                .ifPresent(events -> tell.accept(order.region().name() + " has these events enabled: " + events));
    }

    /** Its accounts and settings are what they are to be, whatever came with the copy. */
    private void ready(Connection session, int increment) throws SQLException, CliException {
        int offset = config.regionNames().indexOf(order.region().name()) + 1;
        InitSettings settings = new InitSettings(
                config.accounts(), Math.max(increment, config.regions().size()), offset, Set.of());
        try {
            new ServerInit(settings, order.region().mysql()).apply(session);
        } catch (InitRefusedException e) {
            tell.accept("its settings are not as they must be: run 'dbctl init --region "
                    + order.region().name() + "': " + e.plan().text().strip());
        }
    }
}
