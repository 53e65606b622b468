package io.regent.replicator.link;

import io.regent.replicator.order.Delivery;

/** Where one run of a link gets its {@link Delivery} from. */
interface DeliveryRule extends AutoCloseable {
    /** The rule of this moment. */
    Delivery now();

    /** What makes {@link #now} stricter than it was: how a sentence goes on; empty if nothing does. */
    String doubt();

    /** Something is held: a newer rule is wanted soon. */
    void hurry();

    @Override
    void close();

    /** A rule that never changes. */
    static DeliveryRule always(Delivery delivery) {
        return new DeliveryRule() {
            @Override
            public Delivery now() {
                return delivery;
            }

            @Override
            public String doubt() {
                return "";
            }

            @Override
            public void hurry() {}

            @Override
            public void close() {}
        };
    }
}
