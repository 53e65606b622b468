package io.regent.coordinator.cli;

import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * A command that can be made when it is wanted.
 *
 * @param name what the user types
 * @param summary what it does, one line
 * @param create makes the picocli command; it answers the exit code: 0 yes, 1 no, 2 cannot tell
 */
public record CliCommand(String name, String summary, Function<Cli, Callable<Integer>> create) {}
