package io.regent.docker.lab.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.regent.docker.lab.play.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Steps that are played one after the other before the user's eyes.
 *
 * @param terminal the user
 * @param steps what is done
 */
public record Script(Terminal terminal, List<Step> steps) {
    private static final int AS_PROMISED = 0;
    private static final int NOT_AS_PROMISED = 1;
    private static final int CANNOT_TELL = 2;

    /** Plays all steps, up to the first that cannot be done; the cluster still runs afterwards. */
    public void play(Stage stage) {
        try {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                terminal.step(i + 1, steps.size(), step.title());
                step.run(stage);
            }
        } catch (IOException | SQLException | RuntimeException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            terminal.bad(reason);
            stage.findings().fault(reason);
            checkEarly(stage);
        }
    }

    private void checkEarly(Stage stage) {
        if (!EarlyCheck.isNeeded(stage)) {
            return;
        }
        try {
            new EarlyCheck().run(stage);
        } catch (IOException | SQLException | RuntimeException e) {
            stage.findings().fault("nor could be checked what clients were told so far: " + e);
        }
    }

    /**
     * Tells how it ended.
     *
     * @return the exit code: 0 as promised, 1 not so, 2 if there never was a cluster
     */
    public int conclude(Stage stage, List<String> lines) {
        List<String> faults = stage.findings().faults();
        terminal.headline("");
        terminal.headline(faults.isEmpty() ? "Everything is as promised." : "Not as promised:");
        faults.forEach(terminal::bad);
        lines.forEach(terminal::say);
        if (!stage.hasFleet()) {
            return CANNOT_TELL;
        }
        if (!faults.isEmpty()) {
            Remains.write(stage);
        }
        return faults.isEmpty() ? AS_PROMISED : NOT_AS_PROMISED;
    }

    /** Writes something as JSON. */
    public static void write(Path file, Object report) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(file, mapper.writeValueAsString(report) + "\n");
    }
}
