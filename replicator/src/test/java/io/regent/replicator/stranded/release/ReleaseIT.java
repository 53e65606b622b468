package io.regent.replicator.stranded.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.certify.Component;
import io.regent.replicator.stranded.keys.RowKeys;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is released is there, whole and once, and what cannot be is not there at all. */
class ReleaseIT extends ReleaseFixture {
    private static final String EMAILS = "SELECT id, user, address FROM app.email WHERE id > 2 ORDER BY id";

    @Test
    void aComponentIsWrittenAnewInOneTransactionOfTheMaster() throws Exception {
        List<StrandedTransaction> stranded = strand(
                "INSERT INTO app.user VALUES (5,'alice',0)",
                "INSERT INTO app.email VALUES (9,5,'alice@x')",
                "UPDATE app.user SET passwd='new' WHERE id=5");
        GtidSet before = aws1.executed();
        Released released = release();
        assertThat(released.refused()).isEmpty();
        Gtid as = released.as().orElseThrow();
        assertThat(aws1.executed().subtract(before)).isEqualTo(GtidSet.of(as));
        assertThat(as.tsid().uuid()).isEqualTo(aws1.uuid());
        assertThat(released.members())
                .containsExactlyElementsOf(
                        stranded.stream().map(StrandedTransaction::gtid).toList());
        assertThat(aws1.query(EMAILS)).containsExactly("9\t5\talice@x");
        assertThat(aws1.query("SELECT passwd FROM app.user WHERE id=5")).containsExactly("new");
        assertThat(entries()).allSatisfy(entry -> {
            assertThat(entry.disposition()).isEqualTo(Disposition.RELEASED);
            assertThat(entry.decision().by()).contains("test");
            assertThat(entry.decision().at()).isPresent();
        });
        assertThat(check()).isEmpty();
    }

    @Test
    void updatesAndDeletesAreReleasedUponRowsThatAreAsTheyWere() throws Exception {
        strand("DELETE FROM app.email WHERE id=1");
        assertThat(release().done()).isTrue();
        assertThat(aws1.query("SELECT id FROM app.email")).containsExactly("2");
    }

    @Test
    void aRowThatIsNotAsItWasIsNotOverwritten() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        quietly(aws1, List.of("UPDATE app.user SET passwd='other' WHERE id=3"));
        assertThat(release().refused().orElseThrow())
                .isEqualTo("app.user (id=3): the row is no longer as it was before the transaction: passwd");
        assertThat(aws1.query("SELECT passwd, tries FROM app.user WHERE id=3")).containsExactly("other\t0");
        assertThat(entries()).allMatch(entry -> entry.disposition() == Disposition.HELD);
    }

    @Test
    void aUniqueValueThatIsTakenIsNotTakenBack() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        quietly(aws1, List.of("INSERT INTO app.email VALUES (10,2,'Three@X')"));
        assertThat(release().refused().orElseThrow())
                .contains("refuses its rows")
                .contains("1062");
        assertThat(aws1.query(EMAILS)).containsExactly("10\t2\tThree@X");
    }

    @Test
    void aParentThatIsGoneIsNoticed() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        quietly(aws1, List.of("DELETE FROM app.user WHERE id=3"));
        assertThat(release().refused().orElseThrow())
                .contains("refuses its rows")
                .contains("foreign key");
        assertThat(aws1.query(EMAILS)).isEmpty();
    }

    @Test
    void whatHistoryWroteBetweenJudgementAndReleaseCounts() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        try (Releases releases = releases()) {
            Component clean = releases.check().get(0);
            assertThat(clean.isClean()).isTrue();
            history("DELETE FROM app.user WHERE id=3");
            history("INSERT INTO app.user VALUES (3,'three',0)");
            Released released = releases.release(clean, "test");
            assertThat(released.refused().orElseThrow())
                    .startsWith("app.user.PRIMARY=3, which is referred to, was also written by ");
            releases.tell();
        }
        assertThat(aws1.query(EMAILS)).isEmpty();
        assertThat(entries().map(entry -> entry.decision().reason().orElse("")))
                .allMatch(reason -> reason.contains("app.user.PRIMARY=3"));
    }

    @Test
    void aReleaserThatIsKilledLeavesNothing() throws Exception {
        strand("INSERT INTO app.user VALUES (5,'alice',0)", "INSERT INTO app.email VALUES (9,5,'alice@x')");
        GtidSet before = aws1.executed();
        try (Connection other = aws1.open();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.email VALUES (50,2,'alice@x')"); // the release waits behind it
            CompletableFuture<Released> releasing = releasing();
            kill();
            assertThatThrownBy(() -> releasing.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            statement.execute("ROLLBACK");
        }
        assertThat(aws1.executed()).isEqualTo(before);
        assertThat(aws1.query("SELECT id FROM app.user WHERE id=5")).isEmpty();
        assertThat(entries()).allMatch(entry -> entry.disposition() == Disposition.HELD);
        assertThat(release().done()).isTrue();
        assertThat(aws1.query(EMAILS)).containsExactly("9\t5\talice@x");
    }

    private CompletableFuture<Released> releasing() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return release();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void kill() {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    List<String> ids =
                            aws1.query("SELECT id FROM information_schema.processlist WHERE user='regent_apply'"
                                    + " AND info LIKE 'BINLOG%'");
                    if (!ids.isEmpty()) {
                        aws1.execute("KILL " + ids.get(0));
                    }
                    return !ids.isEmpty();
                });
    }

    @Test
    void rowsThatOthersHoldForLongAreLeftForLater() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        try (Connection other = aws1.open();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("SELECT * FROM app.user WHERE id=3 FOR UPDATE");
            Released released = release();
            assertThat(released.refused().orElseThrow()).startsWith("others hold its rows");
            assertThat(released.again()).isTrue();
        }
        assertThat(release().done()).isTrue();
    }

    @Test
    void twoReleasersWriteItOnce() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        GtidSet before = aws1.executed();
        try (Releases one = releases();
                Releases other = releases()) {
            Component first = one.check().get(0);
            Component second = other.check().get(0);
            CompletableFuture<Released> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return other.release(second, "other");
                } catch (SQLException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Released mine = one.release(first, "one");
            Released theirs = answer.get(20, TimeUnit.SECONDS);
            assertThat(mine.done()).isNotEqualTo(theirs.done());
            assertThat((mine.done() ? theirs : mine).refused().orElseThrow()).startsWith("no longer held");
        }
        assertThat(aws1.query(EMAILS)).containsExactly("9\t3\tthree@x");
        assertThat(aws1.executed().subtract(before).count()).isEqualTo(1);
    }

    @Test
    void aMasterThatIsNotOpenTakesNothing() throws Exception {
        strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        try (Releases releases = releases()) {
            Component clean = releases.check().get(0);
            aws1.execute("SET GLOBAL read_only=ON");
            assertThatThrownBy(() -> releases.release(clean, "test")).hasMessageContaining("not OPEN");
        }
        assertThat(aws1.query(EMAILS)).isEmpty();
    }

    @Test
    void aMasterThatClosesInTheMiddleTakesNothing() throws Exception {
        List<StrandedTransaction> stranded = strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        try (Connection keys = aws1.apply().open();
                ComponentRelease release = ComponentRelease.open(aws1.apply(), RowKeys.open(keys))) {
            Released released = release.run(stranded, "test", () -> {
                aws1.execute("SET GLOBAL read_only=ON");
                return Optional.empty();
            });
            assertThat(released.refused()).contains("the master is no longer OPEN");
            assertThat(released.again()).isTrue();
        }
        assertThat(aws1.query(EMAILS)).isEmpty();
        assertThat(entries().map(StrandedEntry::disposition)).containsExactly(Disposition.HELD);
    }

    @Test
    void byAnOperatorsChoiceWhatIsNotCertifiedIsReleasedWhereItStillFits() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3");
        history("UPDATE app.user SET tries=5 WHERE id=3");
        history("UPDATE app.user SET tries=0 WHERE id=3");
        assertThat(release().done()).isFalse();
        try (Releases releases = releases()) {
            Component held = releases.check().get(0);
            Released released = releases.releaseUncertified(held, "operator");
            assertThat(released.refused()).isEmpty();
            assertThat(released.as()).isPresent();
        }
        assertThat(aws1.query("SELECT tries FROM app.user WHERE id=3")).containsExactly("1");
    }

    private static final List<String> CHILD = List.of("CREATE TABLE app.child (id INT PRIMARY KEY, user BIGINT,"
            + " FOREIGN KEY (user) REFERENCES user (id) ON DELETE CASCADE)");

    private void assertNobodysChoice(String reason) throws Exception {
        try (Releases releases = releases()) {
            List<Component> held = releases.check();
            assertThat(held).isNotEmpty().noneMatch(Component::isClean);
            for (Component component : held) {
                assertThat(releases.impossible(component).orElseThrow()).contains(reason);
                Released released = releases.releaseUncertified(component, "operator");
                assertThat(released.refused().orElseThrow()).contains(reason);
            }
        }
        assertThat(entries()).allMatch(entry -> entry.disposition() == Disposition.HELD);
    }

    @Test
    void rowsThatCannotBeComparedAreWrittenByNobodysChoice() throws Exception {
        strand("SET binlog_row_image=MINIMAL", "UPDATE app.user SET passwd='mine' WHERE id=3");
        history("UPDATE app.user SET passwd='strangers' WHERE id=3");
        assertNobodysChoice("can't be read");
        assertThat(aws1.query("SELECT passwd FROM app.user WHERE id=3")).containsExactly("strangers");
    }

    @Test
    void whatItsOldMasterMayNeverHaveCommittedIsWrittenByNobodysChoice() throws Exception {
        strand(
                "XA START 'x'",
                "INSERT INTO app.email VALUES (9,3,'three@x')",
                "XA END 'x'",
                "XA PREPARE 'x'",
                "XA ROLLBACK 'x'");
        assertNobodysChoice("XA");
        assertThat(aws1.query(EMAILS)).isEmpty();
    }

    @Test
    void aDeleteThatWouldTakeNewerChildrenAlongIsWrittenByNobodysChoice() throws Exception {
        quietly(phx1, CHILD);
        quietly(aws1, CHILD);
        strand("DELETE FROM app.user WHERE id=4");
        history("INSERT INTO app.child VALUES (1,4)");
        assertNobodysChoice("by its foreign key is not in the binlog");
        assertThat(aws1.query("SELECT id FROM app.child")).containsExactly("1");
    }

    @Test
    void aDeleteThatCascadesAtTheMasterAloneIsWrittenByNobodysChoice() throws Exception {
        quietly(aws1, CHILD);
        strand("DELETE FROM app.user WHERE id=4");
        quietly(aws1, List.of("INSERT INTO app.child VALUES (1,4)"));
        assertNobodysChoice("may change rows of app.child by a foreign key, and nobody compared them");
        assertThat(aws1.query("SELECT id FROM app.child")).containsExactly("1");
    }

    @Test
    void aMasterThatWritesOnAndOnIsNotReadBeyondTheTimeAllowed() throws Exception {
        GtidSet before = aws1.executed();
        for (int i = 0; i < 12; i++) {
            history("UPDATE app.user SET tries=tries+1 WHERE id=1");
        }
        List<MasterHistory.Read> read = new ArrayList<>();
        try (MasterHistory history = MasterHistory.start(master(), before)) {
            assertThatThrownBy(() -> history.catchUp(Duration.ofMillis(1_500), one -> {
                        read.add(one);
                        aws1.query("SELECT SLEEP(0.3)");
                    }))
                    .isInstanceOf(HistoryUnreadableException.class)
                    .hasMessageContaining("not read to its end within");
            assertThat(read).hasSizeLessThan(12);
            history.catchUp(Duration.ofSeconds(20), read::add);
            assertThat(read).as("nothing is passed over").hasSize(12);
        }
    }

    @Test
    void whatHistoryCannotTellUnderLocksIsLeftForLaterWithoutAReason() throws Exception {
        List<StrandedTransaction> stranded = strand("INSERT INTO app.email VALUES (9,3,'three@x')");
        try (Connection keys = aws1.apply().open();
                ComponentRelease release = ComponentRelease.open(aws1.apply(), RowKeys.open(keys))) {
            Released released = release.run(stranded, "test", () -> {
                throw new HistoryUnreadableException("late", null);
            });
            assertThat(released.refused()).contains("late");
            assertThat(released.again()).isTrue();
        }
        assertThat(aws1.query(EMAILS)).isEmpty();
        assertThat(release().done()).isTrue();
    }

    @Test
    void whatWasReleasedIsTheOnlyDifferenceOfTheMark() throws Exception {
        strand("UPDATE app.user SET tries=1 WHERE id=3", "UPDATE app.user SET tries=1 WHERE id=4");
        try (Releases releases = releases();
                Connection connection = aws1.observe().open()) {
            Decisions.Mark before = Decisions.mark(connection);
            assertThat(Decisions.packedBytes(connection)).isPositive();
            Component first = releases.check().get(0);
            assertThat(releases.rows(first)).isEqualTo(1);
            assertThat(releases.release(first, "test").done()).isTrue();
            assertThat(Decisions.mark(connection)).isNotEqualTo(before).isEqualTo(before.without(first.members()));
        }
    }
}
