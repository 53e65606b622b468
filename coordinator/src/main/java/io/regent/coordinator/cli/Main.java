package io.regent.coordinator.cli;

import io.regent.coordinator.config.Suggestion;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Starts {@code dbctl}. Only the command that was asked for is loaded. */
public final class Main {
    private Main() {}

    /** Runs and exits with the command's code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        int code = run(List.of(args), out, err, System.getenv());
        out.flush();
        err.flush();
        System.exit(code);
    }

    /**
     * Runs in this JVM.
     *
     * @param args what the user typed
     * @param out where results go
     * @param err where progress and errors go
     * @param environment the environment variables
     * @return the exit code: 0 done or yes, 1 no, 2 wrong use or an error
     */
    public static int run(List<String> args, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        List<CliCommand> commands = commands();
        Cli cli = new Cli(out, err, environment);
        CommandLine line = new CommandLine(cli);
        wanted(args).flatMap(name -> named(name, commands)).ifPresent(command -> add(line, command, cli));
        listCommands(line, commands);
        line.setOut(out).setErr(err);
        Errors errors = new Errors(cli);
        line.setParameterExceptionHandler((error, typed) -> errors.usage(error, unknown(args, commands)));
        line.setExecutionExceptionHandler((error, failing, parsed) -> errors.execution(error));
        return line.execute(args.toArray(String[]::new));
    }

    /** All commands in the order of the help; none of them is loaded yet. */
    static List<CliCommand> commands() {
        CliCommand version =
                new CliCommand("version", "Prints the versions of Regent and of its Java.", VersionCommand::new);
        return Stream.concat(
                        ServiceLoader.load(CommandProvider.class).stream()
                                .flatMap(provider -> provider.get().commands().stream()),
                        Stream.of(version))
                .toList();
    }

    private static void add(CommandLine line, CliCommand command, Cli cli) {
        Callable<Integer> made = command.create().apply(cli);
        CommandLine sub = new CommandLine(made);
        sub.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
        if (made instanceof CommandGroup group) {
            group.commands().forEach(part -> add(sub, part, cli));
        }
        line.addSubcommand(command.name(), sub);
    }

    /** The first word that is neither an option nor the value of one. */
    static Optional<String> wanted(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).equals("--config")) {
                i++;
            } else if (!args.get(i).startsWith("-")) {
                return Optional.of(args.get(i));
            }
        }
        return Optional.empty();
    }

    private static Optional<CliCommand> named(String name, List<CliCommand> commands) {
        return commands.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** What to say about a command that does not exist. */
    private static Optional<String> unknown(List<String> args, List<CliCommand> commands) {
        List<String> names = commands.stream().map(CliCommand::name).toList();
        return wanted(args)
                .filter(name -> !names.contains(name))
                .map(name -> "unknown command '" + name + "'"
                        + Suggestion.closest(name, names)
                                .map(close -> "; did you mean '" + close + "'?")
                                .orElse("; the commands are: " + String.join(", ", names)));
    }

    private static void listCommands(CommandLine line, List<CliCommand> commands) {
        int width = commands.stream().mapToInt(c -> c.name().length()).max().orElse(0) + 2;
        String list = commands.stream()
                .map(c -> String.format(Locale.ROOT, "  %-" + width + "s%s%n", c.name(), c.summary()))
                .collect(Collectors.joining());
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> "\nCommands:\n" + list);
    }
}
