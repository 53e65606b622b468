package io.regent.docker.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.Pair;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Writes;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each violation is planted by hand, and found. */
class ChecksIT {
    private static final UUID ORIGIN = new UUID(7, 7);
    private static long number;

    @TempDir
    private static Path directory;

    private static Pair pair;

    @BeforeAll
    static void start() throws Exception {
        pair = new Pair(directory);
        // Both servers made the tables themselves, and outside the binlog: they are equal.
        everywhere("INSERT INTO identity.user (id, birth) VALUES (1, 'aaaa'), (2, 'bbbb')");
        everywhere("INSERT INTO identity.email (id, user, address, birth) VALUES (1, 1, 'a@example.org', 'aaaa')");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    private static Gtid commit(String region, String sql) throws Exception {
        Gtid gtid = Gtid.of(ORIGIN, number);
        pair.execute(
                region,
                "SET SESSION foreign_key_checks=0, SESSION sql_mode='" + "STRICT_ALL_TABLES" + "'",
                "SET gtid_next='" + gtid + "'",
                "BEGIN",
                sql,
                "COMMIT",
                "SET gtid_next='AUTOMATIC'");
        return gtid;
    }

    private static Gtid everywhere(String sql) throws Exception {
        number++;
        commit("phx1", sql);
        return commit("aws1", sql);
    }

    private static Verdict check(HeldList list, Gtid... acknowledged) throws Exception {
        History history = History.inMemory();
        for (Gtid gtid : acknowledged) {
            history.add(Writes.acknowledged("phx1", gtid));
        }
        Fates fates = Fates.read(pair.regions(), list.all(), GtidSet.EMPTY);
        return new Checks(new Evidence(history, pair.regions(), fates), RegionRows.CHECKERS, Set.of()).run(line -> {});
    }

    @Test
    void whatIsAsPromisedIsFoundSo() throws Exception {
        Gtid gtid = everywhere("UPDATE identity.user SET failedAuthTries = failedAuthTries + 1 WHERE id = 1");

        Verdict verdict = check(HeldList.NOTHING, gtid);

        assertThat(verdict.of(Invariant.CONVERGENCE).examples()).isEmpty();
        assertThat(verdict.regionsEqual()).isTrue();
        assertThat(verdict.missing()).isZero();
        assertThat(verdict.adoptions()).isZero();
        assertThat(verdict.of(Invariant.INTEGRITY).violations()).isZero();
        assertThat(verdict.rows()).isEqualTo(3);
    }

    @Test
    void aLostRowIsFound() throws Exception {
        pair.execute("aws1", "SET sql_log_bin=0", "DELETE FROM identity.email WHERE id = 1");

        Verdict verdict = check(HeldList.NOTHING);

        assertThat(verdict.regionsEqual()).isFalse();
        assertThat(verdict.of(Invariant.CONVERGENCE).examples()).anyMatch(line -> line.contains("identity.email (1)"));
        pair.execute(
                "aws1",
                "SET sql_log_bin=0",
                "INSERT INTO identity.email (id, user, address, birth) VALUES (1, 1, 'a@example.org', 'aaaa')");
    }

    @Test
    void anAcknowledgedWriteThatIsNowhereIsMissingUnlessItIsHeldOrReleased() throws Exception {
        Gtid gone = Gtid.of(ORIGIN, 99_999);

        assertThat(check(HeldList.NOTHING, gone).of(Invariant.NO_LOSS).examples())
                .containsExactly(gone + " (stage at phx1)");
        assertThat(check(() -> List.of(new Held(gone, "aws1", Held.HELD)), gone).missing())
                .isZero();
        assertThat(check(() -> List.of(new Held(gone, "aws1", Held.RELEASED)), gone)
                        .missing())
                .isZero();
        assertThat(check(() -> List.of(new Held(gone, "aws1", "discarded")), gone)
                        .missing())
                .isEqualTo(1);
    }

    @Test
    void anAcknowledgedWriteThatAVerdictMadeVoidIsMissingThoughItsGtidIsExecuted() throws Exception {
        Gtid gtid = everywhere("UPDATE identity.user SET failedAuthTries = failedAuthTries + 1 WHERE id = 2");
        pair.execute(
                "aws1",
                "SET sql_log_bin=0",
                "INSERT INTO regent_local.verdict (number, voided, stored_at) VALUES (1, '" + gtid + "', SYSDATE(6))");

        assertThat(check(HeldList.NOTHING, gtid).missing()).isEqualTo(1);
        pair.execute("aws1", "SET sql_log_bin=0", "DELETE FROM regent_local.verdict");
    }

    @Test
    void anEmailThatBelongsToAnotherUserThanItWasWrittenForIsAnAdoption() throws Exception {
        everywhere("UPDATE identity.email SET user = 2 WHERE id = 1");

        Verdict verdict = check(HeldList.NOTHING);

        assertThat(verdict.regionsEqual()).isTrue();
        assertThat(verdict.of(Invariant.NO_ADOPTION).examples())
                .containsExactly(
                        "phx1: 1, a@example.org, written for, aaaa, belongs to, bbbb",
                        "aws1: 1, a@example.org, written for, aaaa, belongs to, bbbb");
        everywhere("UPDATE identity.email SET user = 1 WHERE id = 1");
    }

    @Test
    void aUserWhoIsThereTwiceAndAnEmailOfNobodyAreBroken() throws Exception {
        everywhere("INSERT INTO identity.user (id, birth) VALUES (3, 'aaaa')");
        everywhere("INSERT INTO identity.email (id, user, address, birth) VALUES (2, 77, 'b@example.org', 'cccc')");

        assertThat(check(HeldList.NOTHING).of(Invariant.INTEGRITY).examples())
                .contains("phx1: user, 1, is there again as, 3", "phx1: e-mail, 2, of no user, 77")
                .hasSize(4);
        everywhere("DELETE FROM identity.user WHERE id = 3");
        everywhere("DELETE FROM identity.email WHERE id = 2");
    }
}
