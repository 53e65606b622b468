package io.regent.sql.preflight;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The accounts of a server but for those of Regent and of MySQL itself. Needs SELECT on the schema {@code mysql}. */
final class AccountReader {
    /** Where in a definition the secret was. */
    static final String SECRET_GOES_HERE = "<secret>";

    private static final String REBUILDS = "regent_clone_";
    private static final String LIST = "SELECT user, host, plugin, account_locked FROM mysql.user"
            + " WHERE user NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema')";
    private static final Pattern SECRET =
            Pattern.compile("(IDENTIFIED WITH '[^']*')(?: AS (0x[0-9A-F]+|'(?:[^'\\\\]|\\\\.|'')*'))?");

    private final Connection session;

    private AccountReader(Connection session) {
        this.session = session;
    }

    /** Accounts by name. */
    static Map<String, AccountSight> read(Connection session, Collection<String> regent) throws SQLException {
        // Else a salt is printed as text that is none.
        Statements.execute(session, "SET SESSION print_identified_with_as_hex = ON");
        return new AccountReader(session).all(regent);
    }

    private record Listed(String user, String host, String plugin, boolean locked) {
        String name() {
            return Quoting.account(user, host);
        }
    }

    private Map<String, AccountSight> all(Collection<String> regent) throws SQLException {
        List<Listed> listed = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(LIST)) {
            while (row.next()) {
                listed.add(new Listed(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4).equals("Y")));
            }
        }
        Map<String, AccountSight> all = new TreeMap<>();
        for (Listed one : listed) {
            if (!regent.contains(one.user) && !one.user.startsWith(REBUILDS)) {
                all.put(one.name(), account(one));
            }
        }
        return all;
    }

    private AccountSight account(Listed one) throws SQLException {
        String created = lines("SHOW CREATE USER " + one.name()).get(0);
        Matcher secret = SECRET.matcher(created);
        String hash = secret.find() && secret.group(2) != null ? secret.group(2) : "";
        SortedSet<Grant> grants = new TreeSet<>();
        lines("SHOW GRANTS FOR " + one.name()).forEach(line -> grants.addAll(Grant.parse(line)));
        return new AccountSight(
                one.name(),
                one.user,
                one.plugin,
                hash,
                secret.replaceFirst("$1" + SECRET_GOES_HERE),
                one.locked,
                grants);
    }

    private List<String> lines(String query) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return all;
    }
}
