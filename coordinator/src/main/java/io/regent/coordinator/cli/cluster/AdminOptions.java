package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.session.Account;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who the administrator is, and where the password comes from: never from the command line itself. */
public final class AdminOptions {
    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "root",
            description = "The administrator, by default ${DEFAULT-VALUE}; needs all privileges.")
    private String user = "root";

    @ArgGroup
    private @Nullable PasswordSource source;

    private static final class PasswordSource {
        @Option(
                names = "--password-env",
                paramLabel = "NAME",
                description = "The environment variable that holds the administrator's password.")
        private @Nullable String variable;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "The file whose first line is the administrator's password.")
        private @Nullable Path file;

        @Option(names = "--no-password", description = "The administrator has an empty password.")
        private boolean none;
    }

    /**
     * The administrator; asks on the console if no option says where the password is.
     *
     * @throws CliException if there is no password
     */
    public Account account(Map<String, String> environment) throws CliException {
        try {
            return new Account(user, password(environment));
        } catch (IllegalArgumentException e) {
            throw new CliException("--user: " + e.getMessage(), e);
        }
    }

    private String password(Map<String, String> environment) throws CliException {
        PasswordSource from = source;
        if (from == null) {
            return prompt();
        }
        if (from.variable != null) {
            return variable(from.variable, environment);
        }
        if (from.file != null) {
            return firstLine(from.file);
        }
        return from.none ? "" : prompt();
    }

    private static String variable(String name, Map<String, String> environment) throws CliException {
        String value = environment.get(name);
        if (value == null) {
            throw new CliException("--password-env: environment variable " + name + " is not set; export it first");
        }
        return value;
    }

    private static String firstLine(Path file) throws CliException {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new CliException("--password-file: cannot read " + file + " (" + e + ")", e);
        }
    }

    // From Java 22 on there may be a console without a terminal; it answers null at the end of its input.
    @SuppressWarnings("SystemConsoleNull")
    private String prompt() throws CliException {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("Password of %s: ", user);
        if (typed == null) {
            throw new CliException("no password for " + user
                    + " and no terminal to ask on; use --password-env, --password-file or --no-password");
        }
        return new String(typed);
    }
}
