package io.regent.replicator.stranded.rewind;

import static org.assertj.core.api.Assertions.assertThat;
<<<<<<< HEAD
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
=======
import static org.awaitility.Awaitility.await;

>>>>>>> stranded
import io.regent.replicator.stranded.LocalSpool;
import io.regent.replicator.stranded.StrandedTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
<<<<<<< HEAD
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions undone on a real server: rows as before, no GTID moved, nothing in the binlog. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RewindIT {
    private Region phx1;
    private Stranding stranding;

    @BeforeAll
    void startRegion(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        stranding = new Stranding(phx1);
    }

    @AfterAll
    void stopRegion() {
        phx1.close();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        quietly(
                "DROP DATABASE IF EXISTS app",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(40), n INT DEFAULT 0, UNIQUE (v))",
                "CREATE TABLE app.keyless (a INT, b VARCHAR(10))",
                "INSERT INTO app.t VALUES (1,'one',0),(2,'two',0),(3,'three',0),(4,'four',0)",
                "INSERT INTO app.keyless VALUES (1,'x'),(1,'x'),(2,'y'),(NULL,NULL)");
    }

    @AfterEach
    void open() throws SQLException {
        stranding.open();
    }

    /** Without a trace in the binlog. */
    private void quietly(String... statements) throws SQLException {
        String[] all = new String[statements.length + 1];
        all[0] = "SET sql_log_bin=0";
        System.arraycopy(statements, 0, all, 1, statements.length);
        phx1.execute(all);
    }

    private RewindResult rewind(List<StrandedTransaction> stranded) throws SQLException {
        stranding.standby();
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            return rewind.run(stranded, 1);
        }
    }

    /** Undoes what these statements commit, and looks whether anything is left of it. */
    private void assertUndone(String... statements) throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded = stranding.strand(statements);
        assertThat(stranded).isNotEmpty();
        List<String> history = stranding.history();
        RewindResult result = rewind(stranded);
        assertThat(result.obstacle()).isEmpty();
        assertThat(result.rewound().count()).isEqualTo(stranded.size());
        assertThat(stranding.dump("app")).isEqualTo(before);
        assertThat(stranding.history()).isEqualTo(history);
        assertThat(phx1.query("SELECT gtid FROM regent_local.rewound WHERE verdict=1"))
                .containsAll(stranded.stream().map(t -> t.gtid().toString()).toList());
        open();
    }

    /** Says why it was not undone, and looks whether everything is as it was. */
    private Obstacle assertRefused(List<StrandedTransaction> stranded) throws SQLException {
        List<String> before = stranding.dump("app");
        List<String> history = stranding.history();
        RewindResult result = rewind(stranded);
        assertThat(result.rewound().isEmpty()).isTrue();
        assertThat(stranding.dump("app")).isEqualTo(before);
        assertThat(stranding.history()).isEqualTo(history);
        open();
        return result.obstacle().orElseThrow();
    }

=======
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions undone on a real server: rows as before, no GTID moved, nothing in the binlog. */
class RewindIT extends RewindFixture {
>>>>>>> stranded
    @Test
    void insertsUpdatesAndDeletesAreUndone() throws Exception {
        assertUndone(
                "INSERT INTO app.t VALUES (10,'ten',1),(11,NULL,2)",
<<<<<<< HEAD
=======
                "FLUSH BINARY LOGS",
>>>>>>> stranded
                "UPDATE app.t SET n=n+1",
                "DELETE FROM app.t WHERE id IN (1,11)",
                "DELETE FROM app.t");
    }

    @Test
    void aTransactionOfSeveralStatementsAndTablesIsUndoneWhole() throws Exception {
        assertUndone(
<<<<<<< HEAD
=======
                "SET binlog_transaction_compression=ON",
>>>>>>> stranded
                "BEGIN",
                "INSERT INTO app.t VALUES (10,'ten',1)",
                "UPDATE app.t SET n=5 WHERE id=10",
                "INSERT INTO app.keyless VALUES (3,'z')",
                "SAVEPOINT s",
                "DELETE FROM app.t WHERE id=10",
                "INSERT INTO app.t VALUES (10,'other',7)",
                "DELETE FROM app.keyless WHERE a=1 LIMIT 1",
                "COMMIT");
    }

    @Test
    void changedKeysAndExchangedUniqueValuesFindTheirWayBack() throws Exception {
        assertUndone(
                "UPDATE app.t SET id=id+1 ORDER BY id DESC",
                "UPDATE app.t SET id=id-1 ORDER BY id",
                "BEGIN",
                "UPDATE app.t SET v='swap' WHERE id=1",
                "UPDATE app.t SET v='one' WHERE id=2",
                "UPDATE app.t SET v='two' WHERE id=1",
                "COMMIT",
                "UPDATE app.t SET v='ONE' WHERE v='one'");
    }

    @Test
    void aKeyThatOnlyChangesItsCaseIsUndone() throws Exception {
        quietly("CREATE TABLE app.named (k VARCHAR(20) PRIMARY KEY, v INT)", "INSERT INTO app.named VALUES ('a',1)");
        assertUndone(
                "UPDATE app.named SET k='A'",
                "BEGIN",
                "DELETE FROM app.named",
                "INSERT INTO app.named VALUES ('a',2)",
                "COMMIT");
    }

    @Test
    void oneStatementThatTouchesARowTwiceIsUndone() throws Exception {
        assertUndone(
                "INSERT INTO app.t (id,v) VALUES (20,'a'),(20,'a'),(20,'a'),(1,'b') ON DUPLICATE KEY UPDATE n=n+1",
                "REPLACE INTO app.t VALUES (20,'b',1),(21,'one',2),(20,'four',3)");
    }

    @Test
    void rowsWithoutAKeyAreUndone() throws Exception {
        assertUndone(
                "INSERT INTO app.keyless VALUES (1,'x'),(1,'x'),(5,NULL)",
                "UPDATE app.keyless SET b='q' WHERE a=1",
                "DELETE FROM app.keyless WHERE a IS NULL",
                "BEGIN",
                "UPDATE app.keyless SET a=9 WHERE a=2",
                "UPDATE app.keyless SET a=10 WHERE a=9",
                "COMMIT");
    }

    @Test
    void whatTriggersDidIsUndoneAndTheyDoNotFireAgain() throws Exception {
        quietly(
                "CREATE TABLE app.log (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20))",
                "CREATE TRIGGER app.ins AFTER INSERT ON app.t FOR EACH ROW INSERT INTO app.log (what) VALUES ('ins')",
                "CREATE TRIGGER app.upd AFTER UPDATE ON app.t FOR EACH ROW INSERT INTO app.log (what) VALUES ('upd')",
                "CREATE TRIGGER app.del AFTER DELETE ON app.t FOR EACH ROW INSERT INTO app.log (what) VALUES ('del')");
        assertUndone("INSERT INTO app.t VALUES (10,'ten',1)", "UPDATE app.t SET n=1", "DELETE FROM app.t WHERE id=2");
    }

    @Test
    void childrenComeAndGoWithTheirParents() throws Exception {
        quietly(
                "CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id))",
                "INSERT INTO app.child VALUES (1,1)");
        assertUndone(
                "BEGIN",
                "INSERT INTO app.t VALUES (10,'ten',1)",
                "INSERT INTO app.child VALUES (10,10)",
                "COMMIT",
                "INSERT INTO app.child VALUES (11,10)",
                "DELETE FROM app.child WHERE p=10",
                "DELETE FROM app.t WHERE id=10");
    }

    @Test
    void childrenOfACascadeComeAndGoWithTheirParentsToo() throws Exception {
        quietly("CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id)"
                + " ON DELETE CASCADE)");
        assertUndone(
                "BEGIN",
                "INSERT INTO app.t VALUES (10,'ten',1)",
                "INSERT INTO app.child VALUES (10,10)",
                "COMMIT",
                "UPDATE app.t SET v='changed' WHERE id=10");
    }

    @Test
    void childrenThatTheSameStatementBroughtGoBeforeTheirParents() throws Exception {
        quietly(
                "CREATE TABLE app.tree (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.tree (id)"
                        + " ON DELETE CASCADE)",
                "CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id)"
                        + " ON DELETE CASCADE)",
                "CREATE TRIGGER app.ins AFTER INSERT ON app.t FOR EACH ROW INSERT INTO app.child VALUES (NEW.id,NEW.id)");
        assertUndone(
                "INSERT INTO app.tree VALUES (1,NULL),(2,1),(3,2),(4,1)",
                "INSERT INTO app.t VALUES (10,'ten',1),(11,'eleven',1)");
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.tree VALUES (1,NULL),(2,1),(3,2)");
        quietly("INSERT INTO app.tree VALUES (9,2)");
        assertThat(assertRefused(stranded)).extracting(Obstacle::key).isEqualTo("id=2");
    }

    @Test
<<<<<<< HEAD
    void aParentWhoseUndoingWouldCascadeIsLeft() throws Exception {
        quietly("CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id)"
                + " ON DELETE CASCADE)");
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (10,'ten',1)");
        quietly("INSERT INTO app.child VALUES (10,10)");
        Obstacle obstacle = assertRefused(stranded);
        assertThat(obstacle.table()).isEqualTo("app.t");
        assertThat(obstacle.reason()).contains("app.child refers to it");
    }

    @Test
    void aDeleteWhoseCascadeIsNotInTheBinlogIsRefused() throws Exception {
        quietly(
                "CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id)"
                        + " ON DELETE CASCADE ON UPDATE SET NULL)",
                "INSERT INTO app.child VALUES (1,1),(2,2)");
        assertThat(assertRefused(stranding.strand("DELETE FROM app.t WHERE id=1"))
                        .reason())
                .contains("deletes a row of app.t (id=1)")
                .contains("app.child");
        assertThat(assertRefused(stranding.strand("UPDATE app.t SET id=20 WHERE id=2"))
                        .reason())
                .contains("changes the key");
        assertUndone("UPDATE app.t SET n=20 WHERE id=3", "SET foreign_key_checks=0", "DELETE FROM app.t WHERE id=4");
    }

    @Test
    void aRowThatIsNoLongerAsItWasLeftIsNotTouched() throws Exception {
        List<StrandedTransaction> stranded =
                stranding.strand("BEGIN", "UPDATE app.t SET n=1 WHERE id=2", "DELETE FROM app.t WHERE id=3", "COMMIT");
        quietly("UPDATE app.t SET n=99 WHERE id=2");
        Obstacle changed = assertRefused(stranded);
        assertThat(changed)
                .isEqualTo(new Obstacle(
                        stranded.get(0).gtid(), "app.t", "id=2", "the row is no longer as the transaction left it: n"));
        assertThat(changed)
                .hasToString(stranded.get(0).gtid() + " can't be rewound: app.t (id=2): the row is no longer"
                        + " as the transaction left it: n. The region must be rebuilt");

        quietly("DELETE FROM app.t WHERE id=2");
        assertThat(assertRefused(stranded).reason()).isEqualTo("the row is gone");

        quietly("INSERT INTO app.t VALUES (2,'two',1),(3,'new',0)");
        assertThat(assertRefused(stranded))
                .extracting(Obstacle::key, Obstacle::reason)
                .containsExactly("id=3", "a row is there, and none was as the transaction left it");

        quietly("DELETE FROM app.t WHERE id=3");
        assertThat(rewind(stranded).isComplete()).isTrue();
    }

    @Test
    void aMissingRowWithoutAKeyIsNoticed() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.keyless VALUES (7,'g'),(7,'g')");
        quietly("DELETE FROM app.keyless WHERE a=7 LIMIT 1");
        assertThat(assertRefused(stranded))
                .extracting(Obstacle::table, Obstacle::key)
                .containsExactly("app.keyless", "a=7, b=g");
    }

    @Test
    void aUniqueValueTakenMeanwhileIsNotTakenBack() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("DELETE FROM app.t WHERE id=3");
        quietly("INSERT INTO app.t VALUES (30,'three',0)");
        assertThat(assertRefused(stranded).reason())
                .contains("its inverse is refused")
                .contains("1062");
    }

    @Test
    void aDefinitionIsRefusedBeforeAnythingIsTouched() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand(
                "UPDATE app.t SET n=1", "ALTER TABLE app.t ADD COLUMN more INT", "UPDATE app.t SET n=2");
        Obstacle obstacle = assertRefused(stranded);
        assertThat(obstacle.gtid()).isEqualTo(stranded.get(1).gtid());
        assertThat(obstacle.reason()).contains("definition").contains("ADD COLUMN more");
        assertThat(stranded.get(1).statements()).containsExactly("ALTER TABLE app.t ADD COLUMN more INT");
    }

    @Test
    void aTableThatIsNoLongerTheSameIsRefused() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("UPDATE app.t SET n=1");
        quietly("ALTER TABLE app.t ADD COLUMN more INT");
        assertThat(assertRefused(stranded).reason()).contains("differs").contains("more");
    }

    @Test
    void partOfAJsonValueIsRefusedByName() throws Exception {
        quietly("CREATE TABLE app.j (id INT PRIMARY KEY, j JSON)", "INSERT INTO app.j VALUES (1,'{\"a\":[1,2,3]}')");
        List<StrandedTransaction> stranded = stranding.strand(
                "SET binlog_row_value_options=PARTIAL_JSON", "UPDATE app.j SET j=JSON_SET(j,'$.a[0]',9)");
        assertThat(assertRefused(stranded).reason()).contains("PARTIAL_JSON").contains("app.j");
    }

    @Test
    void whatNoLinkCarriesIsRefusedAndTheOthersAreStillRead() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand(
                "UPDATE app.t SET n=1",
                "XA START 'a'",
                "INSERT INTO app.t VALUES (50,'xa',0)",
                "XA END 'a'",
                "XA PREPARE 'a'",
                "XA COMMIT 'a'",
                "UPDATE app.t SET n=2");
        assertThat(stranded).hasSize(4);
        assertThat(stranded).extracting(t -> t.obstacle().isPresent()).containsExactly(false, true, true, false);
        assertThat(assertRefused(stranded).reason()).contains("XA transaction");
    }

    @Test
=======
>>>>>>> stranded
    void whatChangesNothingIsPassed() throws Exception {
        assertUndone("ANALYZE TABLE app.t", "FLUSH TABLES", "CREATE USER stranded_user", "DROP USER stranded_user");
    }

    @Test
    void calledAgainItGoesOnWhereItWasCutOff() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded =
                stranding.strand("UPDATE app.t SET n=1", "UPDATE app.t SET n=2", "UPDATE app.t SET n=3");
        assertThat(rewind(stranded.subList(2, 3)).isComplete()).isTrue();
        phx1.crash();
        List<StrandedTransaction> again = stranding.read(io.regent.sql.gtid.GtidSet.of(
                stranded.stream().map(StrandedTransaction::gtid).toArray(io.regent.sql.gtid.Gtid[]::new)));
        assertThat(again).isEqualTo(stranded);
        RewindResult result = rewind(again);
        assertThat(result.rewound().count()).isEqualTo(2);
        assertThat(stranding.dump("app")).isEqualTo(before);
        assertThat(rewind(again).rewound().isEmpty()).isTrue();
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void killedInTheMiddleItEndsRightAllTheSame(@TempDir Path directory) throws Exception {
        List<String> before = stranding.dump("app");
<<<<<<< HEAD
        String[] statements = new String[60];
=======
        String[] statements = new String[50];
>>>>>>> stranded
        for (int i = 0; i < statements.length; i++) {
            statements[i] = i % 2 == 0
                    ? "UPDATE app.t SET n=n+" + (i + 1)
                    : "INSERT INTO app.keyless SELECT n,LEFT(v,10) FROM app.t";
        }
        LocalSpool spool = LocalSpool.open(directory);
        spool.write(stranding.strand(statements));
        Random random = new Random(20261128);
        long undone = 0;
        for (int round = 0; round < 2; round++) {
            stranding.standby();
            long goal = undone + 5 + random.nextInt(15);
<<<<<<< HEAD
            Thread killer = new Thread(() -> await().atMost(20, TimeUnit.SECONDS)
=======
            Thread killer = new Thread(() -> await().atMost(40, TimeUnit.SECONDS)
>>>>>>> stranded
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> countRewound() >= goal));
            killer.start();
            CompletableFuture<Void> rewinding = CompletableFuture.runAsync(() -> {
                try (Rewind rewind = Rewind.open(phx1.apply())) {
                    rewind.run(spool.read(), 77);
                } catch (SQLException | IOException e) {
                    // that is the kill
                }
            });
            killer.join();
            phx1.crash();
            rewinding.join();
            undone = countRewound();
            assertThat(undone).isGreaterThanOrEqualTo(goal);
        }
        stranding.standby();
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            RewindResult result = rewind.run(spool.read(), 77);
            assertThat(result.isComplete()).isTrue();
<<<<<<< HEAD
            assertThat(result.before().count()).isEqualTo(undone).isLessThan(statements.length);
=======
            assertThat(result.before().count()).isEqualTo(undone);
>>>>>>> stranded
        }
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    private long countRewound() throws SQLException {
        return Long.parseLong(phx1.value("SELECT COUNT(*) FROM regent_local.rewound WHERE verdict=77"));
    }
<<<<<<< HEAD

    @Test
    void anOpenServerIsNotRewoundAndASealedOneRefuses() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("UPDATE app.t SET n=1");
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            assertThatThrownBy(() -> rewind.run(stranded, 1)).isInstanceOf(IllegalStateException.class);
            phx1.execute("SET GLOBAL super_read_only=ON");
            assertThatThrownBy(() -> rewind.run(stranded, 1))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("super-read-only");
            phx1.execute("SET GLOBAL super_read_only=OFF");
            assertThat(rewind.run(stranded, 1).isComplete()).isTrue();
        }
    }
=======
>>>>>>> stranded
}
