package io.regent.coordinator.probe;

import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Sight;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.fence.Fence;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The region's own MySQL through one fence, which is connected anew when it was lost. Owned by one thread; each of a
 * look's few statements is bounded by the sessions' timeouts.
 */
public final class OwnMysql implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnMysql.class);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration EVICTOR_EVERY = Duration.ofSeconds(30);
    private static final Duration SETTINGS_EVERY = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final String coordinator;
    private final LongSupplier nanos;
    private final DeathProof death;
    private final Estate estate;
    private @Nullable Fence fence;
    private long evictorSeen;
    private String problem = "";
    private String settings = "";
    private long settingsSeen;
    private boolean settingsKnown;

    /**
     * Connects at the first look.
     *
     * @param sessions sessions of the fence account on the own server
     * @param coordinator the coordinator's name, unique in its region
     * @param onDeath run, on some thread, when the server's process ends, if it is on this host
     * @param handsOut whether what it leaves behind then can be asked for
     */
    public OwnMysql(Sessions sessions, String coordinator, Runnable onDeath, boolean handsOut) {
        this(sessions, coordinator, onDeath, handsOut, System::nanoTime);
    }

    OwnMysql(Sessions sessions, String coordinator, Runnable onDeath, boolean handsOut, LongSupplier nanos) {
        this.death = new DeathProof(onDeath);
        this.estate = new Estate(handsOut);
        this.sessions = sessions.connectTimeout(CONNECT).socketTimeout(ANSWER);
        this.coordinator = coordinator;
        this.nanos = nanos;
    }

    /**
     * Looks: the recorded epoch first, the executed set last. A session that was lost says nothing about the server, so
     * it is looked at once more through a new one.
     */
    public OwnServer look() {
        return look(false);
    }

    /** The same, with the sessions that would hold a closing up if they are wanted. */
    public OwnServer look(boolean blockers) {
        boolean connected = fence != null;
        OwnServer seen = lookOnce(blockers);
        return connected && seen.sight() == Sight.UNREACHABLE ? lookOnce(blockers) : seen;
    }

    private OwnServer lookOnce(boolean blockers) {
        try {
            Fence current = fence();
            OwnServer seen = OwnServer.up(Looking.at(current, blockers));
            problem = "";
            estate.lives(seen);
            keepEvictor(current);
            watchSettings(current);
            return seen;
        } catch (SQLException e) {
            lost(e);
            return death.isProven() ? estate.dead() : OwnServer.UNREACHABLE;
        }
    }

    /**
     * Lost unseen, the session that throws clients out would be missed only at a closing, when the server may have no
     * connection left. That it cannot be opened says nothing about the server, which has just answered.
     */
    private void keepEvictor(Fence current) {
        long now = nanos.getAsLong();
        if (now - evictorSeen < EVICTOR_EVERY.toNanos()) {
            return;
        }
        evictorSeen = now;
        try {
            current.checkEvictor();
        } catch (SQLException e) {
            LOG.warn("no session to throw clients out with: {}", MysqlErrors.line(e));
        }
    }

    /** Nothing is decided by it: a region that gives out another's numbers is told of, and goes on. */
    private void watchSettings(Fence current) throws SQLException {
        long now = nanos.getAsLong();
        if (settingsKnown && now - settingsSeen < SETTINGS_EVERY.toNanos()) {
            return;
        }
        settingsSeen = now;
        settingsKnown = true;
        String found = drift(current);
        if (!found.equals(settings)) {
            LOG.warn("the own MySQL: {}", found.isEmpty() ? "its settings are right again" : found);
            settings = found;
        }
    }

    /** A server that does not tell them is not a server that does not answer. */
    private static String drift(Fence current) throws SQLException {
        try {
            return current.drift().stream().map(Object::toString).collect(Collectors.joining("; "));
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            return "its settings cannot be looked at: " + MysqlErrors.message(e);
        }
    }

    /**
     * The fence, connected if it is not.
     *
     * @throws SQLException if the server is not reached or {@code init} has not made it ready
     */
    public Fence fence() throws SQLException {
        Fence current = fence;
        if (current == null) {
            current = Fence.connect(sessions, coordinator);
            fence = current;
            settingsKnown = false;
            evictorSeen = nanos.getAsLong();
            death.learn(current.place());
            estate.learn(current.place());
        }
        return current;
    }

    /** The binlog files of the server while it is proven dead and they can be read. Any thread may ask. */
    public Optional<BinlogFiles> leftBehind() {
        return estate.files();
    }

    /** Why the last look failed; empty if it did not. */
    public String problem() {
        return problem;
    }

    /**
     * What of the settings that keep the regions' numbers apart is not as {@code init} left it, as it was seconds ago; empty
     * if all is.
     */
    public String settings() {
        return settings;
    }

    /** The fence's sessions are gone or in no known state: the next use connects anew. */
    public void lost(SQLException why) {
        String message = MysqlErrors.line(why);
        if (!message.equals(problem)) {
            LOG.warn("the own MySQL: {}", message);
        }
        problem = message;
        close();
    }

    @Override
    public void close() {
        Fence current = fence;
        fence = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                LOG.debug("closing the fence: {}", e.getMessage());
            }
        }
    }
}
