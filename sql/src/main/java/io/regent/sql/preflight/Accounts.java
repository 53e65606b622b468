package io.regent.sql.preflight;

import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The accounts of one region's server and what they may, those of Regent and of MySQL itself left out. */
public final class Accounts {
    private final String region;
    private final Map<String, AccountSight> accounts;

    private Accounts(String region, Map<String, AccountSight> accounts) {
        this.region = region;
        this.accounts = accounts;
    }

    static Accounts of(ServerSight sight) {
        return new Accounts(sight.region(), sight.accounts());
    }

    /**
     * Looks.
     *
     * @param sessions sessions of the OBSERVE account
     * @param regent user names of Regent's accounts
     */
    public static Accounts read(String region, Sessions sessions, Collection<String> regent) throws SQLException {
        try (Connection session = sessions.open()) {
            return new Accounts(region, AccountReader.read(session, regent));
        }
    }

    /** What is not as here at the other, with the statements that would make it so; of what only the other has, a note. */
    public List<Concern> compare(Accounts other) {
        return AccountRules.compare(this, other);
    }

    String region() {
        return region;
    }

    Map<String, AccountSight> accounts() {
        return accounts;
    }
}
