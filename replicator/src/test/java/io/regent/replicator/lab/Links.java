package io.regent.replicator.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkSettings;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.Terms;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.transaction.Spilling;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Guards;
import io.regent.sql.session.Quoting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionTimeoutException;

/** Links between the regions of a test, and what is asked of them. */
public final class Links {
    private static final AtomicLong IDS = new AtomicLong(900_000);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SESSIONS = "SELECT CONCAT_WS(' ', id, user, time, state, LEFT(info, 200))"
            + " FROM information_schema.processlist WHERE command<>'Sleep'";

    private Links() {}

    public static LinkSettings settings(Region source, Region target) {
        return settings(source, target, CommitOrder.GROUPED);
    }

    public static LinkSettings settings(Region source, Region target, CommitOrder order) {
        return new LinkSettings(
                source.name(),
                target.name(),
                source.capture(),
                target.apply(),
                Set.of(source.uuid()),
                IDS.incrementAndGet(),
                new LinkSettings.Tuning(
                        8,
                        order,
                        8 << 20,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Spilling.to(Path.of(System.getProperty("java.io.tmpdir")))));
    }

    public static Link start(Region source, Region target) {
        return start(settings(source, target), Delivery.everything());
    }

    public static Link start(LinkSettings settings, Delivery delivery) {
        return start(settings, Terms.withoutMastership(delivery));
    }

    public static Link start(LinkSettings settings, Terms terms) {
        Link link = new Link(settings, terms);
        link.start();
        return link;
    }

    /** As the target's coordinator does before it starts a link. */
    public static void raiseGuard(Region source, Region target, Guard guard) throws SQLException {
        try (Connection fence = target.fence().multiStatements().open();
                Statement statement = fence.createStatement()) {
            statement.execute("SET sql_log_bin=0");
            assertThat(new Guards(fence).raise(List.of(source.name()), guard.epoch(), guard.incarnation(), PATIENCE))
                    .isEqualTo(Answer.ok());
        }
    }

    /**
     * Waits until the target has executed all that the source has, and has no hole in it. A slow machine may take as
     * long as it likes for what is behind; a link that brings nothing more for half a minute hangs.
     */
    public static void awaitEverything(Region source, Region target, Link link) throws SQLException {
        GtidSet wanted = source.executed();
        GtidSet missing = wanted.subtract(target.executed());
        while (!missing.isEmpty()) {
            missing = awaitLess(missing, wanted, target, link);
        }
    }

    private static GtidSet awaitLess(GtidSet missing, GtidSet wanted, Region target, Link link) throws SQLException {
        try {
            return await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .failFast(() ->
                            assertThat(hasFailed(link)).as("%s", link.status()).isFalse())
                    .until(() -> wanted.subtract(target.executed()), left -> !left.equals(missing));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "missing " + missing + "\n" + link.status() + "\n" + String.join("\n", target.query(SESSIONS)), e);
        }
    }

    public static LinkStatus awaitState(Link link, LinkStatus.State state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> link.status().state() == state);
        return link.status();
    }

    private static boolean hasFailed(Link link) {
        return link.status().state() == LinkStatus.State.FAILED;
    }

    /** Every table of the databases has the same rows and the same definition in both regions. */
    public static void assertEqual(Region source, Region target, String... databases) throws SQLException {
        for (String database : databases) {
            List<String> tables = source.query("SELECT table_name FROM information_schema.tables WHERE table_schema="
                    + Quoting.string(database) + " AND table_type='BASE TABLE' ORDER BY 1");
            assertThat(target.query("SELECT table_name FROM information_schema.tables WHERE table_schema="
                            + Quoting.string(database) + " AND table_type='BASE TABLE' ORDER BY 1"))
                    .isEqualTo(tables);
            for (String table : tables) {
                String name = Quoting.identifier(database, table);
                assertThat(target.value("SHOW CREATE TABLE " + name).replaceAll(" AUTO_INCREMENT=\\d+", ""))
                        .isEqualTo(source.value("SHOW CREATE TABLE " + name).replaceAll(" AUTO_INCREMENT=\\d+", ""));
                assertThat(target.value("CHECKSUM TABLE " + name))
                        .as("checksum of %s", name)
                        .isEqualTo(source.value("CHECKSUM TABLE " + name));
            }
        }
    }

    public static void assertNoHoles(Region source, Region target) throws SQLException {
        GtidSet own = target.executed().restrictedTo(source.uuid()::equals);
        assertThat(own.tsids())
                .allSatisfy(
                        tsid -> assertThat(own.intervals(tsid)).singleElement().matches(run -> run.first() == 1));
    }
}
