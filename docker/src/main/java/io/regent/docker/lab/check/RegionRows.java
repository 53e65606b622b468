package io.regent.docker.lab.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the rows of the identity database, in each region by itself, for what no history of sign-ups can produce. */
public final class RegionRows {
    private static final int MOST = 20;
    private static final String ADOPTED = "SELECT e.id, e.address, 'written for', e.birth, 'belongs to', u.birth"
            + " FROM identity.email e JOIN identity.user u ON u.id = e.user WHERE e.birth <> u.birth ORDER BY e.id";
    private static final String ORPHANS = "SELECT 'e-mail', e.id, 'of no user', e.user FROM identity.email e"
            + " LEFT JOIN identity.user u ON u.id = e.user WHERE u.id IS NULL ORDER BY e.id LIMIT " + MOST;
    private static final String DOUBLE_USERS = "SELECT 'user', MIN(id), 'is there again as', MAX(id)"
            + " FROM identity.user GROUP BY birth HAVING COUNT(*) > 1 LIMIT " + MOST;
    private static final String DOUBLE_ADDRESSES = "SELECT 'address', address, 'is there', COUNT(*)"
            + " FROM identity.email IGNORE INDEX (address) GROUP BY address HAVING COUNT(*) > 1 LIMIT " + MOST;

    private RegionRows() {}

    /**
     * E-mails that belong to another user than the one they were written for: the two carry different birth marks.
     *
     * @return one line for each, with its region
     */
    public static List<String> adoptions(Regions regions) throws SQLException {
        return inEach(regions, List.of(ADOPTED));
    }

    /**
     * E-mails without a user, users and addresses that are there twice.
     *
     * @return one line for each, with its region, at most {@value #MOST} of a kind and region
     */
    public static List<String> broken(Regions regions) throws SQLException {
        return inEach(regions, List.of(ORPHANS, DOUBLE_USERS, DOUBLE_ADDRESSES));
    }

    private static List<String> inEach(Regions regions, List<String> queries) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String region : regions.sessions().keySet()) {
            for (String query : queries) {
                regions.query(region, query).forEach(row -> found.add(region + ": " + row));
            }
        }
        return found;
    }
}
