package io.regent.coordinator.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls the command line in this JVM and keeps what it prints. */
public final class Shell {
    private final Map<String, String> environment = new HashMap<>();

    /** A {@link StringWriter} may be read while another thread writes. */
    private volatile StringWriter said = new StringWriter();

    /** What a call left behind. */
    public record Outcome(int code, String out, String err) {}

    /** Sets an environment variable for the calls to come. */
    public Shell with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** One call. */
    public Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        said = err;
        int code = Main.run(List.of(args), new PrintWriter(out, true), new PrintWriter(err, true), environment);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** What the call that runs, or the last one, has printed to its error stream so far. */
    public String said() {
        return said.toString();
    }
}
