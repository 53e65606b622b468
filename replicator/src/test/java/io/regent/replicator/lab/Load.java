package io.regent.replicator.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that write to a region: keyed rows, rows without a key, hot counters, now and then a DDL. */
public final class Load implements AutoCloseable {
    private static final String[] TABLES = {
        "CREATE DATABASE app",
        "CREATE TABLE app.keyed (id BIGINT PRIMARY KEY, client INT, v INT, UNIQUE (client, v))",
        "CREATE TABLE app.keyless (id BIGINT, v VARCHAR(20))",
        "CREATE TABLE app.counter (id INT PRIMARY KEY, n BIGINT)",
        "INSERT INTO app.counter VALUES (0,0),(1,0),(2,0),(3,0)"
    };

    private final Region region;
    private final AtomicLong ids = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong committed = new AtomicLong();
    private final long pauseMillis;

    private Load(Region region, long pauseMillis) {
        this.region = region;
        this.pauseMillis = pauseMillis;
    }

    /**
     * Creates the tables and starts the clients.
     *
     * @param pauseMillis after each write, so that a link keeps up on any machine
     */
    public static Load start(Region region, int clients, long seed, long pauseMillis) throws SQLException {
        region.execute(TABLES);
        Load load = new Load(region, pauseMillis);
        for (int i = 0; i < clients; i++) {
            int client = i;
            Thread thread = new Thread(() -> load.run(client, new Random(seed + client)), "load-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    public long committed() {
        return committed.get();
    }

    private void run(int client, Random random) {
        while (stopping.getCount() > 0) {
            try (Connection connection = region.open();
                    Statement statement = connection.createStatement()) {
                while (stopping.getCount() > 0) {
                    write(client, random, statement);
                    committed.incrementAndGet();
                    pause(pauseMillis);
                }
            } catch (SQLException e) {
                pause(50); // the server is being killed: the outcome is whatever its binlog says
            }
        }
    }

    private void pause(long millis) {
        try {
            stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(int client, Random random, Statement statement) throws SQLException {
        long id = ids.incrementAndGet();
        switch (random.nextInt(40)) {
            case 0 -> statement.execute("CREATE TABLE app.made_" + id + " SELECT * FROM app.counter");
            case 1 -> statement.execute("DELETE FROM app.keyless WHERE id<" + (id - 500) + " LIMIT 20");
            case 2 -> statement.execute("FLUSH TABLES app.keyless");
            default -> transaction(client, id, random, statement);
        }
    }

    private static void transaction(int client, long id, Random random, Statement statement) throws SQLException {
        statement.execute("BEGIN");
        statement.execute("INSERT INTO app.keyed VALUES (" + id + "," + client + "," + id + ")");
        if (random.nextBoolean()) {
            statement.execute("UPDATE app.counter SET n=n+1 WHERE id=" + random.nextInt(4));
        }
        if (random.nextBoolean()) {
            statement.execute("INSERT INTO app.keyless VALUES (" + id + ",'" + client + "')");
        }
        if (random.nextInt(4) == 0) {
            statement.execute("DELETE FROM app.keyed WHERE client=" + client + " AND v<" + (id - 200));
        }
        statement.execute("COMMIT");
    }

    @Override
    public void close() {
        stopping.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
