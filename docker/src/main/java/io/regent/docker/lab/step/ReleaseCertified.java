package io.regent.docker.lab.step;

import com.fasterxml.jackson.databind.JsonNode;
import io.regent.docker.lab.play.Terminal;
import java.io.IOException;

/** What was stranded and nobody touched since is written anew on the master; the rest stays held, and it is said why. */
public final class ReleaseCertified implements Step {
    private static final String RELEASED = "released";

    @Override
    public String title() {
        return "Releases what is certified: no row of it can end up on a stranger's parent";
    }

    @Override
    public void run(Stage stage) throws IOException {
        Terminal terminal = stage.terminal();
        terminal.command("dbctl stranded release --certified");
        JsonNode components = stage.quietly("stranded", "release", "--certified", "--json")
                .answered()
                .json();
        int transactions = 0;
        int released = 0;
        int held = 0;
        String example = "";
        for (JsonNode component : components) {
            int members = component.path("members").size();
            if (component.path("outcome").asText().equals(RELEASED)) {
                transactions++;
                released += members;
            } else {
                held += members;
                example = component.path("reason").asText();
            }
        }
        terminal.good(
                released + " stranded transactions are written anew, as " + transactions + "; " + held + " stay held");
        if (held > 0) {
            terminal.say("for example: " + example);
        }
    }
}
