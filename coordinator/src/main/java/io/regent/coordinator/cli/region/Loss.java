package io.regent.coordinator.cli.region;

import io.regent.sql.gtid.GtidSet;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a region alone executed, as far as can be asked.
 *
 * @param alone all of it, without what verdicts made void
 * @param unsaved the part of it that is not saved as rows either: it would be nowhere
 */
record Loss(GtidSet alone, GtidSet unsaved) {
    static final Loss NONE = new Loss(GtidSet.EMPTY, GtidSet.EMPTY);

    static Loss of(GtidSet executed, Elsewhere elsewhere, GtidSet voided) {
        GtidSet alone = executed.subtract(elsewhere.executed()).subtract(voided);
        return new Loss(alone, alone.subtract(elsewhere.saved()));
    }

    /** What an operator is told of it; nothing if there is none. */
    Optional<String> note(String region) {
        return alone.isEmpty()
                ? Optional.empty()
                : Optional.of("only " + region + " has " + alone.count() + " transactions (" + alone + "): "
                        + (alone.count() - unsaved.count()) + " of them are saved in regent.stranded, the other "
                        + unsaved.count() + " will be nowhere");
    }

    /**
     * Why it is not to be lost.
     *
     * @param lose how many an operator gives up, if said: it must be exactly so many
     */
    Optional<String> problem(String region, Elsewhere elsewhere, OptionalLong lose) {
        if (lose.isPresent() ? lose.getAsLong() == unsaved.count() : unsaved.isEmpty()) {
            return Optional.empty();
        }
        String unasked = elsewhere.unasked().isEmpty()
                ? ""
                : "; " + String.join(" and ", elsewhere.unasked()) + " could not be asked";
        return Optional.of(
                unsaved.isEmpty()
                        ? "--lose " + lose.getAsLong() + ": nothing would be lost; leave it out"
                        : unsaved.count() + " transactions of " + region + " are neither elsewhere nor saved ("
                                + unsaved
                                + ")" + unasked + ": let its coordinator run, which saves them ('dbctl stranded list'),"
                                + " or give up exactly these with --lose " + unsaved.count());
    }
}
