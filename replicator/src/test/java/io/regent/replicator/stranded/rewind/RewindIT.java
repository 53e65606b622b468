package io.regent.replicator.stranded.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.stranded.LocalSpool;
import io.regent.replicator.stranded.StrandedTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions undone on a real server: rows as before, no GTID moved, nothing in the binlog. */
class RewindIT extends RewindFixture {
    @Test
    void insertsUpdatesAndDeletesAreUndone() throws Exception {
        assertUndone(
                "INSERT INTO app.t VALUES (10,'ten',1),(11,NULL,2)",
                "FLUSH BINARY LOGS",
                "UPDATE app.t SET n=n+1",
                "DELETE FROM app.t WHERE id IN (1,11)",
                "DELETE FROM app.t");
    }

    @Test
    void aTransactionOfSeveralStatementsAndTablesIsUndoneWhole() throws Exception {
        assertUndone(
                "SET binlog_transaction_compression=ON",
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
    void whatChangesNothingIsPassed() throws Exception {
        assertUndone("ANALYZE TABLE app.t", "FLUSH TABLES", "CREATE USER stranded_user", "DROP USER stranded_user");
    }

    @Test
    void calledAgainItGoesOnWhereItWasCutOff() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded =
                stranding.strand("UPDATE app.t SET n=1", "UPDATE app.t SET n=2", "UPDATE app.t SET n=3");
        assertThat(rewind(stranded.subList(2, 3)).obstacle()).isEmpty();
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
        String[] statements = new String[50];
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
            Thread killer = new Thread(() -> await().atMost(40, TimeUnit.SECONDS)
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
            assertThat(result.obstacle()).isEmpty();
            assertThat(result.before().count()).isEqualTo(undone);
        }
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    private long countRewound() throws SQLException {
        return Long.parseLong(phx1.value("SELECT COUNT(*) FROM regent_local.rewound WHERE verdict=77"));
    }
}
