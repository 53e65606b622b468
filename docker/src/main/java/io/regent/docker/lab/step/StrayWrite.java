package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.step.Findings.Sight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * An administrator, whom {@code read_only} does not stop, writes in a region that is not master: what was written there is
 * undone and held, without anybody's help.
 */
public final class StrayWrite implements Step {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final String STRAY =
            "INSERT INTO identity.idp (domain, lastSeen) VALUES ('stray.example', CURRENT_TIMESTAMP)";

    private final String region;

    /** A write in this region. */
    public StrayWrite(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Writes in " + region + ", which is not master, as administrator";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        try (Connection admin = stage.fleet().node(region).mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            statement.execute(STRAY);
        }
        stage.findings().injected("a stray write", region, Sight.CLEAR);
        if (!Waiting.until(LIMIT, () -> held(stage) == 1)) {
            throw new FleetException("the stray write in " + region + " is not held after " + LIMIT.toSeconds() + " s");
        }
        stage.findings().lifted(region);
        new Recovery().run(stage);
    }

    private static long held(Stage stage) {
        try {
            return HeldList.of(new StrandedList(stage).all(), Held.HELD).count();
        } catch (IOException e) {
            throw new UncheckedIOException("what is held cannot be read", e);
        }
    }
}
