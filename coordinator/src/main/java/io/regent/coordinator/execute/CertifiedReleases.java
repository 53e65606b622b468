package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.OnReturn;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.certify.Component;
import io.regent.replicator.stranded.release.Decisions;
import io.regent.replicator.stranded.release.Decisions.Mark;
import io.regent.replicator.stranded.release.Master;
import io.regent.replicator.stranded.release.Released;
import io.regent.replicator.stranded.release.Releases;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy {@code on-return: certified}: while its region is the master and open, what is stranded and certified is
 * released there, on a thread of its own. What was judged once is judged again only when there is more to judge: history
 * does not unwrite a key. Each judgement reads the binlog from where they were written on, so it waits until no more come,
 * and tries again ever more rarely.
 */
public final class CertifiedReleases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertifiedReleases.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int STABLE_LOOKS = 3;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final long MOST_ROWS = 10_000; // written, and locked, in one transaction
    /** Of this process, which renews a lease; unpacked it is some times as much. */
    private static final long MOST_BYTES =
            Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 32);

    private static final Duration READING = Duration.ofMinutes(5);
    private static final String POLICY = "on-return: certified";
    private static final Mark NOTHING = new Mark(0, 0, "");

    private final String region;
    private final Master master;
    private final BooleanSupplier open;
    private final Errand errand;
    private Mark judged = NOTHING;
    private Mark seen = NOTHING;
    private int looks;
    private Duration wait = Duration.ZERO;
    private long notBefore;

    private CertifiedReleases(String region, Master master, BooleanSupplier open) {
        this.region = region;
        this.master = master;
        this.open = open;
        this.errand = new Errand("releases-" + region, PERIOD, this::turn);
    }

    /**
     * Begins, if the policy says so.
     *
     * @param own the region
     * @param coordinator name of its coordinator
     * @param open whether that coordinator is the active one of the master, and its server is open for writes
     */
    public static CertifiedReleases start(
            ClusterConfig config, RegionConfig own, String coordinator, BooleanSupplier open) {
        CertifiedReleases releases =
                new CertifiedReleases(own.name(), MasterAccess.of(config, own, "releases of " + coordinator), open);
        if (config.onReturn() == OnReturn.CERTIFIED) {
            releases.errand.start();
        }
        return releases;
    }

    private void turn() throws InterruptedException {
        try {
            if (!open.getAsBoolean()) {
                judged = NOTHING;
                wait = Duration.ZERO;
                return;
            }
            if (!wait.isZero() && System.nanoTime() - notBefore < 0) {
                return;
            }
            look();
        } catch (SQLException e) {
            LOG.warn(
                    "region={} stranded transactions can't be judged or released now: {}", region, MysqlErrors.line(e));
            later();
        } catch (RuntimeException e) {
            LOG.error("region={} stranded transactions can't be judged or released now", region, e);
            later();
        }
    }

    private void look() throws SQLException, InterruptedException {
        try (Connection connection = master.observe().open()) {
            Mark mark = Decisions.mark(connection);
            looks = mark.equals(seen) ? looks + 1 : 1;
            seen = mark;
            if (mark.isEmpty() || mark.equals(judged)) {
                wait = Duration.ZERO;
                return;
            }
            if (looks < STABLE_LOOKS || isTooMuch(connection, mark)) {
                return;
            }
        }
        List<Gtid> released = new ArrayList<>();
        boolean over = judge(released);
        judged = seen.without(released); // what came meanwhile is judged next time
        wait = Duration.ZERO;
        if (!over) {
            judged = NOTHING;
            later();
        }
    }

    private boolean isTooMuch(Connection connection, Mark mark) throws SQLException {
        long bytes = Decisions.packedBytes(connection);
        if (bytes > MOST_BYTES) {
            LOG.warn(
                    "region={} stranded transactions of {} bytes are too much to be judged here: dbctl stranded check,"
                            + " dbctl stranded release",
                    region,
                    bytes);
            judged = mark;
        }
        return bytes > MOST_BYTES;
    }

    private void later() {
        Duration longer = wait.isZero() ? FIRST_WAIT : wait.multipliedBy(2);
        wait = longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
        notBefore = System.nanoTime() + wait.toNanos();
    }

    /** Whether all is said: false if something may go better later. */
    private boolean judge(List<Gtid> done) throws SQLException, InterruptedException {
        boolean over = true;
        try (Releases releases = Releases.open(master, READING)) {
            for (Component component : releases.check()) {
                if (component.isClean() && open.getAsBoolean() && !errand.isClosed()) {
                    over &= release(releases, component, done);
                } else {
                    over &= !component.isClean();
                    component
                            .reason()
                            .ifPresent(
                                    why -> LOG.info("region={} held: {} reason={}", region, component.members(), why));
                }
            }
            releases.tell();
            return over && !releases.isUnread();
        }
    }

    private boolean release(Releases releases, Component component, List<Gtid> done)
            throws SQLException, InterruptedException {
        if (releases.rows(component) > MOST_ROWS) {
            String why = "too large to be released by itself: dbctl stranded release "
                    + component.members().get(0);
            LOG.info("region={} held: {} reason={}", region, component.members(), why);
            releases.hold(component, why);
            return true;
        }
        Released released = releases.release(component, POLICY);
        if (released.done()) {
            done.addAll(released.members());
            LOG.info(
                    "region={} released: {} as {}",
                    region,
                    released.members(),
                    released.as().map(Object::toString).orElse("a new transaction"));
        } else {
            LOG.info(
                    "region={} held: {} reason={}",
                    region,
                    released.members(),
                    released.refused().orElse(""));
        }
        return !released.again();
    }

    /** Ends it; what is being written is committed whole or not at all. */
    @Override
    public void close() {
        errand.close();
    }
}
