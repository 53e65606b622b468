package io.regent.sql.rebuild;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** MySQL's CLONE plugin on one server, and the accounts that are made for it. Nothing of it is replicated. */
public final class ClonePlugin {
    private static final String ACCOUNT = "regent_clone_";

    private final Connection admin;

    /** @param admin a session of an administrator with all privileges */
    public ClonePlugin(Connection admin) {
        this.admin = admin;
    }

    /**
     * Has it active; it stays installed.
     *
     * @throws SQLException if the server cannot, or 1290 if it is SEALED
     */
    public void install() throws SQLException {
        String state = Statements.text(
                        admin, "SELECT PLUGIN_STATUS FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'clone'")
                .orElse("");
        if (!state.equals("ACTIVE")) {
            Statements.execute(admin, "SET SESSION sql_log_bin = 0");
            Statements.execute(admin, "INSTALL PLUGIN clone SONAME 'mysql_clone.so'");
        }
    }

    /** The user name of the account with this suffix. */
    public static String accountName(String suffix) {
        return ACCOUNT + suffix;
    }

    /**
     * Makes the account that a recipient logs in with; one that is left of a try that was broken off is made anew. Where
     * this session goes over TLS, so must the recipient.
     *
     * @param suffix of its name, 1 to 19 characters
     * @return its user name
     */
    public String createDonorAccount(String suffix, String password) throws SQLException {
        String user = ACCOUNT + suffix;
        String account = Quoting.account(user, "%");
        Statements.execute(admin, "SET SESSION sql_log_bin = 0");
        Statements.execute(admin, "DROP USER IF EXISTS " + account);
        Statements.execute(
                admin,
                "CREATE USER " + account + " IDENTIFIED BY " + Quoting.escaped(password)
                        + (isEncrypted() ? " REQUIRE SSL" : ""));
        Statements.execute(admin, "GRANT BACKUP_ADMIN ON *.* TO " + account);
        return user;
    }

    private boolean isEncrypted() throws SQLException {
        String cipher =
                "SELECT VARIABLE_VALUE FROM performance_schema.session_status WHERE VARIABLE_NAME = 'Ssl_cipher'";
        return !Statements.text(admin, cipher).orElse("").isEmpty();
    }

    /** Removes every such account; a clone brings those of its donor along. */
    public void dropDonorAccounts() throws SQLException {
        Statements.execute(admin, "SET SESSION sql_log_bin = 0");
        for (String user : users()) {
            Statements.execute(admin, "DROP USER IF EXISTS " + Quoting.account(user, "%"));
        }
    }

    /** Removes one such account, if it is there. */
    public void dropDonorAccount(String suffix) throws SQLException {
        Statements.execute(admin, "SET SESSION sql_log_bin = 0");
        Statements.execute(admin, "DROP USER IF EXISTS " + Quoting.account(ACCOUNT + suffix, "%"));
    }

    private List<String> users() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = admin.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT User FROM mysql.user WHERE User LIKE 'regent\\_clone\\_%'")) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return all;
    }
}
