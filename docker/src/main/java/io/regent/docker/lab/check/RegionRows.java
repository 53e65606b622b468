package io.regent.docker.lab.check;

import java.util.List;

/** Looks at the rows of the identity database, in each region by itself, for what no history of sign-ups can produce. */
public final class RegionRows {
    private static final int MOST = 20;

    /** E-mails that belong to another user than the one they were written for: the two carry different birth marks. */
    private static final EmptyQuery ADOPTED = new EmptyQuery(
            Invariant.NO_ADOPTION,
            "e-mails and their users",
            "identity.email",
            "SELECT e.id, e.address, 'written for', e.birth, 'belongs to', u.birth"
                    + " FROM identity.email e JOIN identity.user u ON u.id = e.user WHERE e.birth <> u.birth ORDER BY e.id");

    /** The same at any time: what a return or a rewind makes and unmakes again. */
    public static final SnapshotRule ADOPTED_MEANWHILE = new SnapshotRule(
            Invariant.NO_ADOPTION,
            "e-mails and their users",
            "identity.user",
            "SELECT '', 0, CONCAT('e-mail ', e.id, ' written for ', e.birth, ' belongs to ', u.birth)"
                    + " FROM identity.email e JOIN identity.user u ON u.id = e.user WHERE e.birth <> u.birth"
                    + " ORDER BY e.id LIMIT " + MOST);

    private static final EmptyQuery ORPHANS = new EmptyQuery(
            Invariant.INTEGRITY,
            "e-mails, each of a user",
            "identity.email",
            "SELECT 'e-mail', e.id, 'of no user', e.user FROM identity.email e"
                    + " LEFT JOIN identity.user u ON u.id = e.user WHERE u.id IS NULL ORDER BY e.id LIMIT " + MOST);

    private static final EmptyQuery DOUBLE_USERS = new EmptyQuery(
            Invariant.INTEGRITY,
            "users, each there once",
            "identity.user",
            "SELECT 'user', MIN(id), 'is there again as', MAX(id)"
                    + " FROM identity.user GROUP BY birth HAVING COUNT(*) > 1 LIMIT " + MOST);

    private static final EmptyQuery DOUBLE_ADDRESSES = new EmptyQuery(
            Invariant.INTEGRITY,
            "addresses, each there once",
            "identity.email",
            "SELECT 'address', address, 'is there', COUNT(*)"
                    + " FROM identity.email IGNORE INDEX (address) GROUP BY address HAVING COUNT(*) > 1 LIMIT " + MOST);

    /** All of it. */
    public static final List<Checker> CHECKERS = List.of(ADOPTED, ORPHANS, DOUBLE_USERS, DOUBLE_ADDRESSES);

    private RegionRows() {}
}
