package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * An administrator, whom {@code read_only} does not stop, writes in a region that is not master, while somebody locks a table
 * of the third region: as long as what was written is saved at the master alone, it is not undone, and the region is called
 * diverged. Then it is undone and held, without anybody's help.
 */
public final class StrayWrite implements Step {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final String STRAY =
            "INSERT INTO identity.idp (domain, lastSeen) VALUES ('stray.example', CURRENT_TIMESTAMP)";

    private static final String NAME = "RegionDiverged";
    private static final String THERE = "SELECT COUNT(*) FROM identity.idp WHERE domain = 'stray.example'";

    private final String region;
    private final Harm keeping;

    /**
     * A write in this region.
     *
     * @param third whose copy is waited for
     */
    public StrayWrite(String region, String third) {
        this.region = region;
        this.keeping = Harm.session("a table is locked", third, List.of("LOCK TABLES identity.user READ"));
    }

    @Override
    public String title() {
        return "Writes in " + region + ", which is not master, as administrator";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        Lasting kept = keeping.begin(stage);
        try {
            Diagnosis.awaitNamed(stage, "LinkBlocked");
            write(stage);
            Diagnosis.awaitNamed(stage, NAME);
            demandThere(stage);
        } finally {
            kept.close();
        }
        if (!Waiting.until(LIMIT, () -> held(stage) == 1)) {
            throw new FleetException("the stray write in " + region + " is not held after " + LIMIT.toSeconds() + " s");
        }
        stage.findings().lifted(region);
        new Recovery().run(stage);
        Diagnosis.awaitGone(stage, NAME);
        stage.terminal().good("status says it no more");
    }

    private void write(Stage stage) throws SQLException {
        try (Connection admin = stage.fleet().node(region).mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            statement.execute(STRAY);
        }
        stage.findings().injected("a stray write", region, Sight.CLEAR);
    }

    /** Undone before it is saved in two places, it would be lost with the master. */
    private void demandThere(Stage stage) throws SQLException {
        try (Connection admin = stage.fleet().node(region).mysql().sessions().open()) {
            boolean there = Statements.text(admin, THERE).filter("1"::equals).isPresent();
            if (there) {
                stage.terminal().good("status says " + NAME + ", and nothing is undone that is not saved twice");
            } else {
                stage.findings().fault("the stray write was undone before another region than the master had it");
            }
        }
    }

    private static long held(Stage stage) {
        try {
            return HeldList.of(new StrandedList(stage).all(), Held.HELD).count();
        } catch (IOException e) {
            throw new UncheckedIOException("what is held cannot be read", e);
        }
    }
}
