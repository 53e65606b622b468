package io.regent.replicator.stranded.keys;

/** A change whose keys can't be told; the message goes on a sentence that begins with its transaction. */
public final class UnnamedKeyException extends Exception {
    UnnamedKeyException(String message) {
        super(message);
    }
}
