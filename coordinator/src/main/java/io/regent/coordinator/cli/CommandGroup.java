package io.regent.coordinator.cli;

import java.util.List;

/** A command that consists of others. */
public interface CommandGroup {
    /** Its parts, in the order of its help. */
    List<CliCommand> commands();
}
