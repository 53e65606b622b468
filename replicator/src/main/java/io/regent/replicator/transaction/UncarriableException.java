package io.regent.replicator.transaction;

/**
 * The stream holds something that Regent cannot carry to another region without changing it. The link stops there, by
 * name, with what to do; it never passes over it.
 */
public final class UncarriableException extends RuntimeException {
    public UncarriableException(String message) {
        super(message);
    }
}
