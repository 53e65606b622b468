package io.regent.docker.lab.fleet;

import io.regent.sql.session.Account;
import io.regent.sql.session.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The application's account, which is each region's own: nothing of it is replicated. */
public final class Application {
    private Application() {}

    /** Makes it. */
    public static void create(Server server, FleetSettings settings) throws SQLException {
        Account application = settings.application();
        String account = Quoting.account(application.user(), "%");
        try (Connection admin = server.sessions().open();
                Statement statement = admin.createStatement()) {
            statement.execute("SET sql_log_bin=0");
            statement.execute("CREATE USER " + account + " IDENTIFIED BY " + Quoting.escaped(application.password()));
            statement.execute("GRANT ALL ON " + Quoting.identifier(settings.cluster()) + ".* TO " + account);
        }
    }
}
