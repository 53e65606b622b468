package io.regent.replicator.link;

import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;

/** Where one run of a link gets its {@link Delivery} from. */
interface DeliveryRule extends AutoCloseable {
    /** The rule of this moment. */
    Delivery now();

    /** What makes {@link #now} stricter than it was: how a sentence goes on; empty if nothing does. */
    String doubt();

    /** Whether the source's MySQL itself has answered lately. */
    boolean answers();

    /** Something is held: a newer rule is wanted soon. */
    void hurry();

    @Override
    void close();

    /**
     * The rule of one run: without mastership one that never changes, else by what the source answers.
     *
     * @param source closed, now if the rule never changes, else with the rule
     */
    static DeliveryRule of(LinkSettings settings, Terms terms, SourceMarks source) throws LinkFailure {
        try {
            if (terms.guard() == null) {
                source.close();
                return always(terms.admission().under(SourceMark.UNKNOWN));
            }
            return SourceWatch.start(settings.name(), source, terms.admission(), settings.tuning(), System::nanoTime);
        } catch (SQLException e) {
            throw LinkFailure.passing(settings.source() + " can't be asked for its epoch: " + MysqlErrors.line(e), e);
        }
    }

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
            public boolean answers() {
                return false;
            }

            @Override
            public void hurry() {}

            @Override
            public void close() {}
        };
    }
}
