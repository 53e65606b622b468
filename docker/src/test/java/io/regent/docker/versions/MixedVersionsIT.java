package io.regent.docker.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.rewind.RewindResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master with MySQL 8.0 and a region with 9.7: who carries changes on by foreign keys is not the same there. What the
 * region can't undo whole it must refuse.
 */
class MixedVersionsIT extends MixedVersions {
    MixedVersionsIT() {
        super(false);
    }

    private static void quietly(Region region, String sql) throws Exception {
        region.execute("SET sql_log_bin=0", sql);
    }

    private static List<String> whatFollowed(List<StrandedTransaction> stranded) {
        List<String> all = new ArrayList<>();
        stranded.forEach(one -> one.changes()
                .forEach(change -> all.add(change.kind() + " " + change.table().name())));
        return all;
    }

    @Test
    void aCascadeThatTheOlderMasterLeftToTheRegionIsNotInItsBinlogAndIsRefused() throws Exception {
        List<StrandedTransaction> stranded = brought("DELETE FROM app.p WHERE id=1");
        assertThat(aws1.query(CHILDREN)).as("InnoDB carried it on").containsExactly("c 2 2", "s 1 -");
        assertThat(whatFollowed(stranded)).containsExactly("DELETE app.p");
        assertThat(stranded.get(0).allChanges()).noneMatch(RowChange::tellsCascades);
        List<String> before = stranding.dump("app");
        RewindResult result = rewind(stranded);
        assertThat(result.rewound().isEmpty()).as("%s", result).isTrue();
        assertThat(result.obstacle().orElseThrow().reason())
                .contains("deletes a row of app.p (id=1)", "not in the binlog");
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void aKeyThatTheOlderMasterChangedIsRefusedToo() throws Exception {
        List<StrandedTransaction> stranded = brought("UPDATE app.p SET id=20 WHERE id=2");
        assertThat(aws1.query(CHILDREN)).contains("c 2 20");
        assertThat(rewind(stranded).obstacle().orElseThrow().reason()).contains("changes the key", "not in the binlog");
    }

    @Test
    void whatTheOlderMasterChangedBesidesIsUndone() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded = brought(
                "UPDATE app.p SET v=9 WHERE id=1", "DELETE FROM app.c WHERE id=2", "INSERT INTO app.p VALUES (7,7)");
        assertThat(rewind(stranded).obstacle()).isEmpty();
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void whatTheNewerRegionItselfCarriedOnIsInItsBinlogAndIsUndone() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded =
                stranding.strand("DELETE FROM app.p WHERE id=1", "UPDATE app.p SET id=20 WHERE id=2");
        assertThat(stranded.get(0).allChanges()).hasSize(3).allMatch(RowChange::tellsCascades);
        assertThat(rewind(stranded).obstacle()).isEmpty();
        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void whatANewerRegionLeftToItsEngineIsRefused(@TempDir Path directory) throws Exception {
        try (Region natively =
                Region.start("aws2", directory, NewerMysql.orSkip(), Map.of("innodb_native_foreign_keys", "ON"))) {
            natively.execute(
                    "CREATE DATABASE app",
                    "CREATE TABLE app.p (id INT PRIMARY KEY)",
                    "CREATE TABLE app.c (id INT PRIMARY KEY, p INT,"
                            + " FOREIGN KEY (p) REFERENCES app.p (id) ON DELETE CASCADE)",
                    "INSERT INTO app.p VALUES (1)",
                    "INSERT INTO app.c VALUES (1,1)");
            List<StrandedTransaction> stranded = new Stranding(natively).strand("DELETE FROM app.p");
            assertThat(natively.query("SELECT id FROM app.c")).isEmpty();
            assertThat(whatFollowed(stranded)).containsExactly("DELETE app.p");
            assertThat(stranded.get(0).obstacle().orElseThrow()).contains("not in the binlog");
        }
    }

    @Test
    void aParentThatARowHoldsIsNotTakenFromIt() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.p VALUES (10,10),(11,11)");
        quietly(aws1, "INSERT INTO app.r VALUES (10,10)");
        assertThat(rewind(stranded).obstacle()).isPresent();
        assertThat(aws1.query("SELECT id FROM app.p WHERE id>=10")).containsExactly("10", "11");
        quietly(aws1, "DELETE FROM app.r WHERE id=10");
        quietly(aws1, "INSERT INTO app.c VALUES (11,11)");
        assertThat(rewind(stranded).obstacle().orElseThrow().reason()).contains("app.c refers to it");
        assertThat(aws1.query("SELECT id FROM app.c WHERE id=11")).containsExactly("11");
    }

    @Test
    void aParentThatIsGoneIsNotBroughtBackByHalf() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("DELETE FROM app.r WHERE id=4");
        quietly(aws1, "DELETE FROM app.p WHERE id=4");
        assertThat(rewind(stranded).obstacle()).isPresent();
        assertThat(aws1.query("SELECT id FROM app.r")).isEmpty();
    }
}
