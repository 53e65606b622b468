package io.regent.replicator.stranded.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Region;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.certify.Component;
import io.regent.sql.gtid.Gtid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is held, and what the reason says. */
class CertifyIT extends ReleaseFixture {
    @Test
    void whatHistoryLeftAloneIsClean() throws Exception {
        strand("INSERT INTO app.user VALUES (5,'alice',0)", "INSERT INTO app.email VALUES (9,5,'alice@x')");
        history("UPDATE app.user SET tries=1 WHERE id=1");
        assertThat(reason()).isEqualTo("clean");
    }

    @Test
    void whatSharesARowOrAParentIsOneComponentAndNothingElseIs() throws Exception {
        List<StrandedTransaction> stranded = strand(
                "INSERT INTO app.user VALUES (5,'alice',0)",
                "UPDATE app.user SET tries=1 WHERE id=3",
                "INSERT INTO app.email VALUES (8,4,'a@x')",
                "INSERT INTO app.email VALUES (9,5,'alice@x')",
                "INSERT INTO app.email VALUES (10,4,'b@x')");
        List<Gtid> gtids = stranded.stream().map(StrandedTransaction::gtid).toList();
        assertThat(check())
                .extracting(Component::members)
                .containsExactly(
                        List.of(gtids.get(0), gtids.get(3)),
                        List.of(gtids.get(1)),
                        List.of(gtids.get(2), gtids.get(4)));
    }

    @Test
    void anotherUserWithTheSameNumberHoldsEverythingAboutTheFirst() throws Exception {
        strand(
                "INSERT INTO app.user VALUES (5,'alice',0)",
                "INSERT INTO app.email VALUES (9,5,'alice@x')",
                "UPDATE app.user SET passwd='new' WHERE id=5");
        Gtid winner = history("INSERT INTO app.user VALUES (5,'mallory',0)");
        assertThat(reason()).isEqualTo("app.user.PRIMARY=5 was also written by " + winner);
    }

    @Test
    void aParentThatWasDeletedAndPutBackIsAnother() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        Gtid winner = history("DELETE FROM app.user WHERE id=3");
        history("INSERT INTO app.user VALUES (3,'three',0)");
        assertThat(reason()).isEqualTo("app.user.PRIMARY=3, which is referred to, was also written by " + winner);
    }

    @Test
    void aChildOfHistoryHoldsTheDeleteOfItsParent() throws Exception {
        strand("DELETE FROM app.user WHERE id=3");
        Gtid winner = history("INSERT INTO app.email VALUES (9,3,'three@x')");
        assertThat(reason()).isEqualTo("app.user.PRIMARY=3 came to be referred to by " + winner);
    }

    @Test
    void anAddressIsTheSameHoweverItIsWritten() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'ALICE@x')");
        Gtid winner = history("INSERT INTO app.email VALUES (77,2,'álice@X')");
        assertThat(reason()).startsWith("app.email.address=álice@X was also written by " + winner);
    }

    @Test
    void blanksBehindANameAreNoDifferenceWhereTheCollationPads() throws Exception {
        strand("INSERT INTO app.tag VALUES (1,'ABC   ')");
        history("DELETE FROM app.name WHERE code='abc'");
        Gtid winner = history("INSERT INTO app.name VALUES ('Abc ',1)");
        assertThat(reason()).contains("app.name.PRIMARY=").contains("was also written by");
        assertThat(winner).isNotNull();
    }

    @Test
    void aDefinitionOfTheMasterHoldsEverything() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        Gtid definition = history("TRUNCATE TABLE app.keyless");
        assertThat(reason()).isEqualTo(definition + " is a definition: TRUNCATE TABLE app.keyless");
    }

    @Test
    void aStrandedDefinitionHoldsAllThatWasWrittenUponIt() throws Exception {
        List<StrandedTransaction> stranded = strand(
                "UPDATE app.user SET tries=1 WHERE id=3",
                "ALTER TABLE app.keyless ADD b INT",
                "UPDATE app.user SET tries=1 WHERE id=4");
        String reason = stranded.get(1).gtid() + " is a definition: ALTER TABLE app.keyless ADD b INT";
        assertThat(check())
                .extracting(component -> component.reason().orElse("clean"))
                .containsExactly("clean", reason, reason);
    }

    @Test
    void aTableWithoutAKeyIsNamed() throws Exception {
        strand("INSERT INTO app.keyless VALUES (1)");
        assertThat(reason()).endsWith("changes rows of app.keyless, which has no primary key");
    }

    @Test
    void anIndexOnAnExpressionCannotBeCompared() throws Exception {
        String index = "CREATE UNIQUE INDEX low ON app.name ((LOWER(code)))";
        quietly(phx1, List.of(index));
        quietly(aws1, List.of(index));
        strand("UPDATE app.name SET n=1 WHERE code='abc'");
        assertThat(reason())
                .contains("app.name, whose keys can't be compared: its unique index low is on an expression");
    }

    @Test
    void aTableThatIsAnotherNowIsNamed() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        quietly(aws1, List.of("ALTER TABLE app.user ADD more INT"));
        assertThat(reason()).contains("does not fit the master's tables").contains("`more`");
    }

    @Test
    void checksThatWereOffAreNamed() throws Exception {
        strand("SET foreign_key_checks=0", "INSERT INTO app.email VALUES (9,99,'nobody@x')");
        assertThat(reason()).contains("was written with foreign_key_checks or unique_checks off");
    }

    @Test
    void aPurgedBinlogHoldsEverything() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        history("UPDATE app.user SET tries=1 WHERE id=1");
        purge();
        assertThat(reason())
                .contains("purged the binlogs that held some of")
                .contains(aws1.uuid().toString());
    }

    @Test
    void aMasterThatLacksTheBinlogsTakesNoReasonAway() throws Exception {
        StrandedTransaction collides =
                strand("UPDATE app.user SET tries=1 WHERE id=3").get(0);
        history("UPDATE app.user SET tries=2 WHERE id=3");
        checkAndTell();
        StrandedTransaction later =
                strand("UPDATE app.user SET tries=1 WHERE id=4").get(0);
        purge();
        checkAndTell();
        assertThat(told(collides)).contains("app.user.PRIMARY=3 was also written by");
        assertThat(told(later)).contains("purged the binlogs that held some of");
    }

    private void checkAndTell() throws Exception {
        try (Releases releases = releases()) {
            releases.check();
            releases.tell();
        }
    }

    private String told(StrandedTransaction one) throws Exception {
        return entries()
                .filter(entry -> entry.gtid().equals(one.gtid()))
                .findFirst()
                .orElseThrow()
                .decision()
                .reason()
                .orElse("");
    }

    private void purge() throws Exception {
        aws1.execute("FLUSH BINARY LOGS");
        List<String> files = aws1.query("SHOW BINARY LOGS");
        String last = files.get(files.size() - 1);
        // Whatever mysqld itself is at with its binlogs may hold a purge up, which waits for nothing.
        Awaitility.await().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            aws1.execute("PURGE BINARY LOGS TO '" + last.substring(0, last.indexOf('\t')) + "'");
            return true;
        });
    }

    @Test
    void whatWasWrittenUponSomethingLostIsHeld() throws Exception {
        phx1.execute("UPDATE app.user SET tries=7 WHERE id=2"); // nobody else ever had it
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        assertThat(reason()).contains("was written upon").contains("which history does not hold");
    }

    @Test
    void whatWasWrittenUponSomethingDiscardedIsHeld() throws Exception {
        List<StrandedTransaction> stranded = strand(
                "DELETE FROM app.user WHERE id=4",
                "INSERT INTO app.user VALUES (4,'bob',0)",
                "INSERT INTO app.email VALUES (9,4,'bob@x')");
        try (Connection master = StrandedTable.open(aws1.apply())) {
            for (StrandedTransaction lost : stranded.subList(0, 2)) {
                assertThat(Decisions.discard(master, lost.gtid(), "no", "test")).isTrue();
                assertThat(Decisions.discard(master, lost.gtid(), "no", "test")).isFalse();
            }
        }
        assertThat(reason())
                .isEqualTo("app.user.PRIMARY=4, which is referred to, was also written by "
                        + stranded.get(0).gtid() + ", which was discarded");
    }

    @Test
    void whatWasUndoneBeforeIsNotWhatALaterOneWasWrittenUpon() throws Exception {
        strand("BEGIN", "DELETE FROM app.user WHERE id=4", "INSERT INTO app.user VALUES (4,'bob',0)", "COMMIT");
        quietly(phx1, List.of("UPDATE app.user SET passwd='four' WHERE id=4")); // as a rewind would
        strand("INSERT INTO app.email VALUES (9,4,'four@x')");
        assertThat(reason()).contains("were made void by two verdicts");
    }

    @Test
    void whatACascadeMayHaveChangedIsHeld() throws Exception {
        List<String> child = List.of("CREATE TABLE app.child (id INT PRIMARY KEY, user BIGINT,"
                + " FOREIGN KEY (user) REFERENCES user (id) ON DELETE CASCADE)");
        quietly(phx1, child);
        quietly(aws1, child);
        strand("INSERT INTO app.child VALUES (1, NULL)");
        Gtid winner = history("DELETE FROM app.user WHERE id=4");
        assertThat(reason()).startsWith(winner + " may have changed rows of app.child by a foreign key");
    }

    @Test
    void whatWasWrittenUponRowsThatNobodyCanReadIsHeld() throws Exception {
        List<StrandedTransaction> stranded = strand(
                "SET binlog_row_image=MINIMAL",
                "DELETE FROM app.user WHERE id=4",
                "SET binlog_row_image=FULL",
                "INSERT INTO app.user VALUES (4,'bob',0)");
        assertThat(check())
                .hasSize(2)
                .allSatisfy(component -> assertThat(component.reason().orElse("clean"))
                        .startsWith(stranded.get(0).gtid() + " can't be read"));
    }

    @Test
    void tablesWhoseNamesDifferOnlyInCaseAreNotTakenForOne() throws Exception {
        for (Region region : List.of(phx1, aws1)) {
            quietly(region, List.of("CREATE TABLE app.USER (id INT PRIMARY KEY, b INT)"));
        }
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        assertThat(reason())
                .contains("whose keys can't be compared")
                .contains("app.USER")
                .contains("app.user");
    }
}
