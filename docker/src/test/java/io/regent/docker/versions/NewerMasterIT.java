package io.regent.docker.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Stranding;
import io.regent.replicator.stranded.StrandedTransaction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A master with MySQL 9.7, which tells what foreign keys carry on, and a region with 8.0, whose engine carries it on itself. */
class NewerMasterIT extends MixedVersions {
    NewerMasterIT() {
        super(true);
    }

    private void bothHold(String... children) throws Exception {
        assertThat(aws1.query(CHILDREN)).containsExactly(children);
        assertThat(phx1.query(CHILDREN)).containsExactly(children);
        assertThat(stranding.dump("app")).isEqualTo(new Stranding(aws1).dump("app"));
    }

    @Test
    void rowsOfEveryKindArriveAsTheyAre() throws Exception {
        brought(
                "CREATE TABLE app.t (id INT PRIMARY KEY, j JSON, d DATETIME(6), b BLOB, e ENUM('a','b')) CHARSET utf8mb4",
                "INSERT INTO app.t VALUES (1, '{\"a\": [1, 2.5, null]}', '2026-02-03 04:05:06.7', x'00ff', 'b')",
                "UPDATE app.t SET j = JSON_SET(j, '$.a[1]', 3) WHERE id=1",
                "INSERT INTO app.p VALUES (7,7)",
                "DELETE FROM app.p WHERE id=3");
        bothHold("c 1 1", "c 2 2", "s 1 1");
    }

    @Test
    void aDeleteThatTheNewerMasterCarriedOnIsCarriedOnOnce() throws Exception {
        brought("DELETE FROM app.p WHERE id=1");
        bothHold("c 2 2", "s 1 -");
    }

    @Test
    void aKeyThatTheNewerMasterChangedIsChangedOnce() throws Exception {
        brought("UPDATE app.p SET id=20 WHERE id=2");
        bothHold("c 1 1", "c 2 20", "s 1 1");
    }

    @Test
    void whatTheNewerMasterToldIsUndoneWhole() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded =
                brought("UPDATE app.p SET v=9 WHERE id=1", "INSERT INTO app.c VALUES (3,3)");

        assertThat(rewind(stranded).obstacle()).isEmpty();

        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void aCascadeThatTheNewerMasterToldIsUndoneWholeByTheOlderRegion() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded = brought("DELETE FROM app.p WHERE id=1");
        assertThat(stranded.get(0).allChanges()).as("the children's are told").hasSize(3);
        assertThat(stranding.dump("app")).isNotEqualTo(before);

        assertThat(rewind(stranded).obstacle()).isEmpty();

        assertThat(stranding.dump("app")).isEqualTo(before);
    }
}
