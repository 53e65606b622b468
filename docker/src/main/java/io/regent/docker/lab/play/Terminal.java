package io.regent.docker.lab.play;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tells the user what happens; in colour only where a terminal shows it. */
public final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final String BOLD = "1";
    private static final String DIM = "2";
    private static final String RED = "31";
    private static final String GREEN = "32";

    private final PrintWriter out;
    private final boolean colour;

    /** A terminal that shows colour or not. */
    public Terminal(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Whether standard output is a terminal whose user has not said no to colour. */
    @SuppressWarnings("SystemConsoleNull") // from Java 22 on there may be one without a terminal: hence the second look
    public static boolean showsColour(Map<String, String> environment) {
        if (System.console() == null
                || environment.containsKey("NO_COLOR")
                || "dumb".equals(environment.getOrDefault("TERM", "dumb"))) {
            return false;
        }
        try {
            return !Files.exists(STANDARD_OUTPUT)
                    || Files.readSymbolicLink(STANDARD_OUTPUT).startsWith("/dev");
        } catch (IOException e) {
            return false;
        }
    }

    /** Begins a step. */
    public void step(int number, int of, String title) {
        out.println();
        out.println(paint(BOLD, "[" + number + "/" + of + "] " + title));
        out.flush();
    }

    /** One line about the step under way. */
    public void say(String line) {
        print("      ", line);
    }

    /** A command that is run now, as the user would type it. */
    public void command(String command) {
        out.println(paint(DIM, "      $ " + command));
        out.flush();
    }

    /** A line that a command printed. */
    public void output(String line) {
        print("        ", line);
    }

    /** Something that is as promised. */
    public void good(String line) {
        print("      ", paint(GREEN, "ok") + "  " + line);
    }

    /** Something that is not. */
    public void bad(String line) {
        print("      ", paint(RED, "NO") + "  " + line);
    }

    /** A line without indent. */
    public void headline(String line) {
        out.println(paint(BOLD, line));
        out.flush();
    }

    private void print(String indent, String text) {
        text.lines().forEach(line -> out.println(indent + line));
        out.flush();
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
