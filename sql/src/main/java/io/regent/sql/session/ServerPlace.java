package io.regent.sql.session;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Where a server keeps its files, on its own host.
 *
 * @param dataDirectory {@code @@datadir}
 * @param pidFile {@code @@pid_file}, absolute
 * @param binlogIndex {@code @@log_bin_index}, absolute: the list of its binlog files
 * @param serverUuid {@code @@server_uuid}, which {@code auto.cnf} in the data directory holds too
 */
public record ServerPlace(Path dataDirectory, Path pidFile, Path binlogIndex, UUID serverUuid) {
    /** Reads it; needs no privilege. */
    public static ServerPlace read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT @@datadir, @@pid_file, @@log_bin_index, @@server_uuid")) {
            if (!row.next()) {
                throw new SQLException("no row from SELECT @@datadir");
            }
            Path data = Path.of(row.getString(1));
            return new ServerPlace(
                    data,
                    data.resolve(row.getString(2)),
                    data.resolve(row.getString(3)),
                    UUID.fromString(row.getString(4)));
        }
    }
}
