package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.OnReturn;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.certify.Component;
import io.regent.replicator.stranded.release.Decisions;
import io.regent.replicator.stranded.release.Master;
import io.regent.replicator.stranded.release.Released;
import io.regent.replicator.stranded.release.Releases;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy {@code on-return: certified}: while its region is the master and open, what is stranded and certified is
 * released there, on a thread of its own. What was judged once is judged again only when there is more to judge: history
 * does not unwrite a key.
 */
public final class CertifiedReleases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertifiedReleases.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration READING = Duration.ofMinutes(5);
    private static final Duration ENDING = Duration.ofSeconds(5);
    private static final String POLICY = "on-return: certified";

    private final String region;
    private final Master master;
    private final BooleanSupplier open;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private String judged = "";
    private Duration wait = PERIOD;

    private CertifiedReleases(String region, Master master, BooleanSupplier open) {
        this.region = region;
        this.master = master;
        this.open = open;
        this.thread = new Thread(this::run, "releases-" + region);
        thread.setDaemon(true);
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
            releases.thread.start();
        }
        return releases;
    }

    private void run() {
        try {
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() throws InterruptedException {
        try {
            if (!open.getAsBoolean()) {
                judged = "";
                wait = PERIOD;
                return;
            }
            String mark = mark();
            if (mark.isEmpty() || mark.equals(judged)) {
                wait = PERIOD;
            } else if (judge()) {
                judged = mark; // what came meanwhile is judged next time
                wait = PERIOD;
            } else {
                later();
            }
        } catch (SQLException e) {
            LOG.warn(
                    "region={} stranded transactions can't be judged or released now: {}", region, MysqlErrors.line(e));
            later();
        } catch (RuntimeException e) {
            LOG.error("region={} stranded transactions can't be judged or released now", region, e);
            later();
        }
    }

    private void later() {
        wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }

    private String mark() throws SQLException {
        try (Connection connection = master.observe().open()) {
            return Decisions.mark(connection);
        }
    }

    /** Whether all is said: false if something may go better later. */
    private boolean judge() throws SQLException, InterruptedException {
        boolean over = true;
        try (Releases releases = Releases.open(master, READING)) {
            for (Component component : releases.check()) {
                if (component.isClean() && open.getAsBoolean() && closed.getCount() > 0) {
                    over &= release(releases, component);
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

    private boolean release(Releases releases, Component component) throws SQLException, InterruptedException {
        Released released = releases.release(component, POLICY);
        if (released.done()) {
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
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
