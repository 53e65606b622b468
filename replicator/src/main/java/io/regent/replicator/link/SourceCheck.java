package io.regent.replicator.link;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.MysqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Whether a source can serve a target from where the target stands, asked before the stream is. */
final class SourceCheck {
    private static final String QUERY = "SELECT @@server_uuid, @@global.gtid_executed, @@global.gtid_purged,"
            + " @@global.gtid_mode, @@global.binlog_format, @@global.binlog_row_image,"
            + " @@global.binlog_row_metadata, @@global.binlog_checksum";

    private SourceCheck() {}

    /**
     * Asks the source, on the session on which it is asked for its epoch afterwards: over a long way a session of its own
     * would take longer than all questions.
     *
     * @param executed what the target has executed
     * @throws LinkFailure if the source can't be reached, is another server than told, writes a binlog that can't be
     *     carried, or no longer has what the target needs
     */
    static void require(LinkSettings settings, SourceMarks source, GtidSet executed) throws LinkFailure {
        try (Statement statement = source.session().createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            requireIdentity(settings, row.getString(1));
            requireFormat(settings, row);
            requireHistory(settings, executed, GtidSet.parse(row.getString(2)), GtidSet.parse(row.getString(3)));
            requireRoom(settings, source);
        } catch (SQLException e) {
            throw LinkFailure.passing(settings.source() + " can't be reached: " + MysqlErrors.line(e), e);
        }
    }

    /** The one connection beyond the limit, which the account's rights let it take, is kept for who opens and closes the server. */
    private static void requireRoom(LinkSettings settings, SourceMarks source) throws SQLException, LinkFailure {
        try (Statement statement = source.session().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT @@global.max_connections UNION ALL SELECT VARIABLE_VALUE FROM"
                                + " performance_schema.global_status WHERE VARIABLE_NAME = 'Threads_connected'")) {
            row.next();
            long most = row.getLong(1);
            row.next();
            if (row.getLong(1) > most) {
                String why = settings.source() + " has no connection to spare: its max_connections are " + most;
                throw LinkFailure.passing(why, new IllegalStateException(why));
            }
        }
    }

    private static void requireIdentity(LinkSettings settings, String uuid) throws LinkFailure {
        if (!settings.origins().contains(UUID.fromString(uuid))) {
            throw lasting("the server at " + settings.capture().address() + " has the uuid " + uuid + ", which "
                    + settings.source() + " does not own (" + settings.origins() + ")");
        }
    }

    private static void requireFormat(LinkSettings settings, ResultSet row) throws SQLException, LinkFailure {
        List<String> wrong = new ArrayList<>();
        String[] names = {"gtid_mode", "binlog_format", "binlog_row_image", "binlog_row_metadata", "binlog_checksum"};
        String[] wanted = {"ON", "ROW", "FULL", "FULL", "CRC32"};
        for (int i = 0; i < names.length; i++) {
            String found = row.getString(i + 4);
            if (!wanted[i].equals(found)) {
                wrong.add(names[i] + " is " + found + ", must be " + wanted[i]);
            }
        }
        if (!wrong.isEmpty()) {
            throw lasting(settings.source() + " writes a binlog that can't be carried: " + String.join("; ", wrong)
                    + ". Run 'dbctl init' for it");
        }
    }

    private static void requireHistory(LinkSettings settings, GtidSet executed, GtidSet source, GtidSet purged)
            throws LinkFailure {
        GtidSet ahead = executed.restrictedTo(settings.origins()::contains).subtract(source);
        if (!ahead.isEmpty()) {
            throw lasting(
                    settings.target() + " has transactions that " + settings.source() + " committed and lacks now: "
                            + ahead + ". Its data went back in time (a restored copy?); do not let it take writes");
        }
        GtidSet gone = purged.subtract(executed);
        GtidSet ownGone = gone.restrictedTo(settings.origins()::contains);
        if (!ownGone.isEmpty()) {
            throw lasting(settings.source() + " purged binlogs that " + settings.target() + " needs: " + ownGone
                    + ". 'dbctl region rebuild " + settings.target() + " --from REGION', and let " + settings.source()
                    + " keep binlogs longer (binlog_expire_logs_seconds)");
        }
        if (!gone.isEmpty()) {
            throw LinkFailure.passing(
                    settings.source() + " purged binlogs with " + gone + ", which come to " + settings.target()
                            + " from elsewhere: waiting for them",
                    new IllegalStateException("purged"));
        }
    }

    private static LinkFailure lasting(String why) {
        return LinkFailure.lasting(why, new IllegalStateException(why));
    }
}
