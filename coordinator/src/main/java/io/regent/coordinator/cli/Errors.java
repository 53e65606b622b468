package io.regent.coordinator.cli;

import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.ConfigProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Says what went wrong: one line on standard error, with {@code --json} an object on standard output too. */
final class Errors {
    private static final int CANNOT_TELL = 2;

    private final Cli cli;

    Errors(Cli cli) {
        this.cli = cli;
    }

    /** Wrong use of the command line. */
    int usage(ParameterException error, Optional<String> unknownCommand) {
        CommandLine command = error.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = unknownCommand.orElse(String.valueOf(error.getMessage()));
        say(List.of(message + "; see " + name + " --help"));
        return CANNOT_TELL;
    }

    /** A command failed. */
    int execution(Exception error) {
        if (error instanceof ConfigException config) {
            say(config.problems().stream().map(ConfigProblem::text).toList());
        } else if (error instanceof CliException) {
            say(List.of(String.valueOf(error.getMessage())));
        } else {
            say(List.of("unexpected: " + error + (cli.debug() ? "" : "; --debug shows where")));
        }
        if (cli.debug()) {
            error.printStackTrace(cli.err());
        }
        return CANNOT_TELL;
    }

    private void say(List<String> lines) {
        lines.forEach(line -> cli.err().println("dbctl: " + line));
        if (cli.json()) {
            cli.printJson(Map.of("errors", lines));
        }
    }
}
