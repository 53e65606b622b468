package io.regent.coordinator.cli.cluster;

import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Files of clusters for tests: regions r1, r2... */
public final class Clusters {
    private static final String PASSWORD = "pass'word\\of \"regent";

    private Clusters() {}

    /** Writes the file of a cluster of these servers. */
    public static Path file(Path directory, List<String> servers) throws IOException {
        return write(directory.resolve("regent-" + servers.size() + ".yaml"), "cluster: identity\n", servers);
    }

    /** Writes the file of a cluster of this name that has a ZooKeeper. */
    public static Path file(Path directory, String name, String zookeeper, List<String> servers) throws IOException {
        String top = "cluster: " + name + "\nzookeeper: \"" + zookeeper + "\"\n";
        return write(directory.resolve(name + ".yaml"), top, servers);
    }

    /** Executes statements at a server, as its administrator, in one session. */
    static void run(LocalMysql server, String... statements) throws SQLException {
        try (Connection root = server.sessions().open()) {
            for (String sql : statements) {
                Statements.execute(root, sql);
            }
        }
    }

    /** The first column of the first row. */
    static String query(LocalMysql server, String query) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return Statements.text(root, query).orElseThrow();
        }
    }

    private static Path write(Path file, String top, List<String> servers) throws IOException {
        StringBuilder text = new StringBuilder(top).append("regions:\n");
        for (int i = 0; i < servers.size(); i++) {
            text.append("  r" + (i + 1) + ": {mysql: \"" + servers.get(i) + "\"}\n");
        }
        text.append("accounts:\n");
        for (String role : List.of("capture", "apply", "observe", "fence")) {
            text.append("  " + role + ": {password: '" + PASSWORD.replace("'", "''") + "'}\n");
        }
        return Files.writeString(file, text);
    }
}
