package io.regent.coordinator.daemon;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.jdbc.Driver;
import com.mysql.cj.protocol.ServerSessionStateController;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that write all the time, one to each region and to whichever takes it, with books kept of what was
 * acknowledged. Each row carries the epoch that its server lived in.
 */
final class Load implements AutoCloseable {
    static final String TABLE = "CREATE TABLE app.load_row (n INT PRIMARY KEY, region VARCHAR(8), epoch BIGINT)";
    private static final Duration AFTER_LOSS = Duration.ofMillis(50);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ThreeRegions regions;
    private final Duration pause;
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * A row that was acknowledged.
     *
     * @param started before it was sent, by {@link System#nanoTime}
     * @param ended after its acknowledgement arrived
     */
    record Write(int n, String region, Gtid gtid, long started, long ended) {}

    private Load(ThreeRegions regions, Duration pause) {
        this.regions = regions;
        this.pause = pause;
    }

    /** @param pause of each client between two writes */
    static Load start(ThreeRegions regions, Duration pause) {
        Load load = new Load(regions, pause);
        for (String region : ThreeRegions.NAMES) {
            Thread thread = new Thread(() -> load.run(region), "load-" + region);
            thread.setDaemon(true);
            thread.start();
            load.threads.add(thread);
        }
        return load;
    }

    private void run(String region) {
        while (!stopping) {
            try (Connection connection = connect(region)) {
                while (!stopping) {
                    tryOnce(region, connection);
                    LockSupport.parkNanos(pause.toNanos());
                }
            } catch (SQLException e) {
                refusals.add(region);
                LockSupport.parkNanos(AFTER_LOSS.toNanos());
            }
        }
    }

    private void tryOnce(String region, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int n = NUMBERS.incrementAndGet();
            long started = System.nanoTime();
            statement.executeUpdate(
                    "INSERT INTO app.load_row SELECT " + n + ", '" + region + "', MAX(epoch) FROM regent_local.epoch");
            writes.add(new Write(n, region, gtid(connection), started, System.nanoTime()));
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            refusals.add(region);
        }
    }

    private Connection connect(String region) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ThreeRegions.APP.user());
        properties.setProperty("password", ThreeRegions.APP.password());
        properties.setProperty("allowPublicKeyRetrieval", "true");
        properties.setProperty("sslMode", "DISABLED");
        properties.setProperty("connectTimeout", "1000");
        properties.setProperty("socketTimeout", "5000");
        properties.setProperty("trackSessionState", "true");
        properties.setProperty(
                "sessionVariables", "session_track_gtids=OWN_GTID,transaction_isolation='READ-COMMITTED'");
        String url = "jdbc:mysql://" + regions.mysql(region).address() + "/";
        return Objects.requireNonNull(new Driver().connect(url, properties));
    }

    /** What the server's acknowledgement said of it. */
    private static Gtid gtid(Connection connection) throws SQLException {
        return connection
                .unwrap(MysqlConnection.class)
                .getServerSessionStateController()
                .getSessionStateChanges()
                .getSessionStateChangesList()
                .stream()
                .filter(change -> change.getType() == ServerSessionStateController.SESSION_TRACK_GTIDS)
                .map(SessionStateChange::getValues)
                .map(values -> Gtid.parse(values.get(0)))
                .findFirst()
                .orElseThrow(() -> new SQLException("acknowledged without a GTID"));
    }

    /** What was acknowledged so far in this region, in its order. */
    List<Write> writes(String region) {
        return writes.stream().filter(write -> write.region().equals(region)).toList();
    }

    /** How many writes this region has refused so far. */
    long refusals(String region) {
        return refusals.stream().filter(region::equals).count();
    }

    /** Stops the clients; all that was acknowledged. */
    List<Write> stop() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(writes);
    }

    @Override
    public void close() {
        stop();
    }
}
