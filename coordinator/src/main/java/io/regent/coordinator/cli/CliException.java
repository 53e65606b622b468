package io.regent.coordinator.cli;

/** A command cannot go on, and the user can do something about it: one line, exit code 2. */
public final class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong and what to do.
     *
     * @param message both, in one line
     */
    public CliException(String message) {
        super(message);
    }

    /**
     * Says what is wrong and what to do.
     *
     * @param message both, in one line
     * @param cause shown with {@code --debug}
     */
    public CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
