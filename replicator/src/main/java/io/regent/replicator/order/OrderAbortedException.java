package io.regent.replicator.order;

/** A wait ended because the link is stopping or has failed. */
public final class OrderAbortedException extends Exception {
    public OrderAbortedException() {
        super("the link is stopping");
    }
}
