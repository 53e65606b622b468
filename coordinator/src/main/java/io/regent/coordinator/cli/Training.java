package io.regent.coordinator.cli;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.daemon.Daemon;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.Master;
import io.regent.failover.timing.Timing;
import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Loads the classes that every call of {@code dbctl} needs, and those of a coordinator, for the launcher's class archive;
 * does nothing else.
 */
final class Training {
    private static final String CONFIG = """
            cluster: a
            zookeeper: "127.0.0.1:1"
            regions: {a: {mysql: "127.0.0.1:1", coordinator: "%s"}}
            accounts: {capture: {password: x}, apply: {password: x}, observe: {password: x}, fence: {password: x}}
            """;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final List<String> WHOLE = List.of("regent-", "mysql-connector-j-", "mysql-binlog-connector-");

    private Training() {}

    /** Runs commands that touch no server. */
    public static void main(String[] args) throws IOException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (List<String> words : List.of(
                List.of("--help"),
                List.of("version"),
                List.of("version", "--json"),
                List.of("init", "--help"),
                List.of("status", "--help"))) {
            Main.run(words, nowhere, nowhere, Map.of());
        }
        try {
            ConfigFile.parse("none", "cluster: a\nregions: {a: {mysql: b}}\naccounts: {}\n", Map.of());
        } catch (ConfigException e) {
            nowhere.println(e.getMessage());
        }
        cluster();
        coordinator();
        link();
        ownClasses();
    }

    /** What reads a cluster; nothing listens on port 1, and nothing is waited for. */
    private static void cluster() {
        try (ClusterObserver observer = ClusterObserver.connect("127.0.0.1:1", "training", List.of())) {
            observer.setup().found(Master.first("a", GtidSet.EMPTY, "a"), Timing.standard(), List.of());
            observer.look();
        }
        try {
            CoordinatorStatus.parse("{}");
        } catch (IllegalArgumentException e) {
            return; // that was the point
        }
    }

    /** A coordinator that waits for its ZooKeeper, and answers. */
    private static void coordinator() {
        try {
            String address = "127.0.0.1:" + freePort();
            ClusterConfig config = ConfigFile.parse("training", CONFIG.formatted(address), Map.of());
            try (Daemon daemon = new Daemon(config, config.region("a").orElseThrow(), "a", "training")) {
                daemon.start();
                URI.create("http://" + address + "/metrics")
                        .toURL()
                        .openStream()
                        .close();
            }
        } catch (ConfigException | IOException e) {
            return; // fewer classes are loaded; the archive is only a help
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A link to where nothing listens. */
    private static void link() {
        ServerAddress nobody = new ServerAddress("127.0.0.1", 1);
        CountDownLatch ended = new CountDownLatch(1);
        CaptureSettings settings = new CaptureSettings(
                "training",
                Sessions.to(nobody, new Account("a", "a")),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1 << 20);
        EventSink sink = new EventSink() {
            @Override
            public void accept(List<BinlogEvent> events) {}

            @Override
            public void ended(CaptureException why) {
                ended.countDown();
            }
        };
        try {
            Capture capture = Capture.start(settings, GtidSet.EMPTY, sink);
            ended.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            capture.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All of these jars: what a coordinator needs only once it has a cluster, a server and a link. */
    private static void ownClasses() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = entry.substring(entry.lastIndexOf(File.separatorChar) + 1);
            if (name.endsWith(".jar") && WHOLE.stream().anyMatch(name::startsWith)) {
                try (JarFile jar = new JarFile(entry)) {
                    jar.stream().map(ZipEntry::getName).forEach(Training::load);
                }
            }
        }
    }

    private static void load(String file) {
        if (file.endsWith(".class") && !file.contains("-info") && !file.startsWith("META-INF")) {
            String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            try {
                Class.forName(name, false, Training.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return; // it extends something that is not there, and nobody uses it
            }
        }
    }
}
