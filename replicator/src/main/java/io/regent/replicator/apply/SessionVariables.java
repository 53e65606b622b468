package io.regent.replicator.apply;

import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Session variables that not every supported version has. */
final class SessionVariables {
    private SessionVariables() {}

    /** Sets a variable, unless this version does not know it: then it can't do harm either. */
    static void setIfKnown(Connection connection, String assignment) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION " + assignment);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.UNKNOWN_SYSTEM_VARIABLE)) {
                throw e;
            }
        }
    }
}
