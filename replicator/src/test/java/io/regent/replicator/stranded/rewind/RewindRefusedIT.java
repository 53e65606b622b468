package io.regent.replicator.stranded.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.keys.ForeignKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can't be undone is named, and nothing of it is touched. */
class RewindRefusedIT extends RewindFixture {
    @Test
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
    void aParentThatAForeignKeyHoldsIsLeft() throws Exception {
        quietly("CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id))");
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (10,'ten',1)");
        quietly("INSERT INTO app.child VALUES (10,10)");
        assertThat(assertRefused(stranded).reason()).contains("its inverse is refused", "foreign key");
    }

    @Test
    void aParentThatIsGoneIsNotBroughtBack() throws Exception {
        quietly(
                "CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id))",
                "INSERT INTO app.child VALUES (1,1)");
        List<StrandedTransaction> stranded = stranding.strand("DELETE FROM app.child");
        quietly("DELETE FROM app.t WHERE id=1");
        assertThat(assertRefused(stranded).reason()).contains("its inverse is refused", "foreign key");
    }

    @Test
    void aDeleteWhoseCascadeIsNotInTheBinlogIsRefused() throws Exception {
        quietly(
                "CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (ID)"
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
    void theRowEventTellsWhetherACascadeIsInTheBinlogNotTheServer() throws Exception {
        quietly("CREATE TABLE app.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id)"
                + " ON DELETE CASCADE)");
        RowChange untold = stranding
                .strand("DELETE FROM app.t WHERE id=1")
                .get(0)
                .allChanges()
                .get(0);
        RowChange told = new RowChange(
                untold.table(),
                untold.kind(),
                untold.before(),
                untold.after(),
                untold.rawBefore(),
                untold.rawAfter(),
                true);
        try (Connection connection = phx1.open()) {
            ForeignKeys keys = ForeignKeys.read(connection);
            assertThat(keys.unseen(untold)).isPresent();
            assertThat(keys.unseen(told)).isEmpty();
            assertThat(keys.unseenTables(untold)).containsExactly("app.child");
            assertThat(keys.unseenTables(told))
                    .as("8.0 would carry it on all the same")
                    .containsExactly("app.child");
        }
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
        assertThat(rewind(stranded).obstacle()).isEmpty();
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
    void whatBelongsToOneMachineIsRefusedByName() throws Exception {
        List<StrandedTransaction> stranded =
                stranding.strand("CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd'", "DROP TABLESPACE ts");
        assertThat(stranded).hasSize(2);
        assertThat(assertRefused(stranded).reason())
                .contains("DROP TABLESPACE ts")
                .contains("files, hosts");
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
    void partOfARowIsRefusedByName() throws Exception {
        List<StrandedTransaction> stranded =
                stranding.strand("SET binlog_row_image=MINIMAL", "UPDATE app.t SET n=1 WHERE id=1");
        assertThat(assertRefused(stranded).reason()).contains("app.t").contains("binlog_row_image=FULL");
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
        assertThat(stranded.get(1).changes())
                .as("kept for whoever releases it")
                .extracting(RowChange::keyText)
                .containsExactly("id=50");
        assertSavedFromTheBinlogOnly(stranded.get(1));
    }

    @Test
    void whatIsTooLargeForMemoryIsNotReadAndTheOthersAre() throws Exception {
        quietly("CREATE TABLE app.large (id INT PRIMARY KEY, v LONGBLOB)");
        long bytes = Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 32);
        String rows =
                "INSERT INTO app.large WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i <= "
                        + (bytes >> 20) + ") SELECT i, REPEAT('x', 1048576) FROM r";
        List<StrandedTransaction> stranded = stranding.strand(
                "INSERT INTO app.t VALUES (10,'ten',1)", rows, "INSERT INTO app.t VALUES (11,'eleven',1)");
        assertThat(stranded.get(0).obstacle()).isEmpty();
        assertThat(stranded.get(1).obstacle().orElseThrow())
                .contains(
                        "MiB that are looked at in memory",
                        "--include-gtids=" + stranded.get(1).gtid());
        assertThat(stranded.get(2).obstacle()).isEmpty();
        assertThat(assertRefused(stranded).reason()).contains("MiB that are looked at in memory");
    }

    @Test
    void whatIsOnlyInTheBinlogSaysWhereToSaveIt() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand(
                "SET SESSION binlog_format=STATEMENT",
                "BEGIN",
                "INSERT INTO app.t VALUES (60,'as text',RAND()*100)",
                "SET @v=61",
                "INSERT INTO app.t VALUES (@v,'more text',0)",
                "COMMIT",
                "CREATE EVENT app.e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");
        assertThat(stranded).hasSize(2).allSatisfy(this::assertSavedFromTheBinlogOnly);
        assertThat(stranded.get(0).obstacle().orElseThrow()).contains("changes rows by text");
        assertThat(stranded.get(0).statements()).anyMatch(text -> text.endsWith("VALUES (@v,'more text',0)"));
        assertThat(stranded.get(1).statements()).anyMatch(text -> text.contains("EVENT"));
        assertThat(assertRefused(stranded).reason()).contains("EVENT app.e");
    }

    private void assertSavedFromTheBinlogOnly(StrandedTransaction transaction) {
        assertThat(transaction.obstacle().orElseThrow())
                .contains("mysqlbinlog --include-gtids=" + transaction.gtid() + " binlog.0")
                .contains("before the region is rebuilt");
    }

    @Test
    void anOpenServerIsNotRewoundAndASealedOneRefuses() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("UPDATE app.t SET n=1");
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            assertThatThrownBy(() -> rewind.run(stranded, 1)).isInstanceOf(IllegalStateException.class);
            phx1.execute("SET GLOBAL super_read_only=ON");
            assertThatThrownBy(() -> rewind.run(stranded, 1))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("is SEALED: a rewind needs STANDBY");
            phx1.execute("SET GLOBAL super_read_only=OFF");
            assertThat(rewind.run(stranded, 1).obstacle()).isEmpty();
        }
    }
}
