package io.regent.replicator.transaction;

/** The stream holds bytes that cannot be what a MySQL source writes. The link stops; nothing of it is applied. */
public final class MalformedEventException extends RuntimeException {
    public MalformedEventException(String message) {
        super(message);
    }
}
