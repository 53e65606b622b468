package io.regent.coordinator.cli;

import java.util.List;

/**
 * Brings commands to {@code dbctl}; found by {@link java.util.ServiceLoader}. Every start makes all providers, so they
 * are cheap: a command and what it needs is loaded by {@link CliCommand#create} only.
 */
public interface CommandProvider {
    /** The commands in the order of the help. */
    List<CliCommand> commands();
}
