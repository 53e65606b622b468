package io.regent.failover.simulation;

/** What a broken cycle, a broken executor, or a broken fence in mysqld, does. */
public enum Flaw {
    /** Takes an unchanged {@code /master} in a read for a renewal when the write was not answered. */
    READ_RENEWS,
    /** Writes the same again at once, whoever was faster, on the version that it finds. */
    RETRIES_BAD_VERSION,
    /** Counts the lease from the moment of the last answer, in the process and in mysqld. */
    COUNTS_FROM_REPLY,
    /** Takes an announced closing back whatever {@code /master} is by now. */
    UNDOES_UNCHECKED,
    /** Names the next master whatever {@code /master} is by now. */
    NAMES_UNCHECKED,
    /** Takes a mysqld that does not answer for one that is dead. */
    SILENCE_IS_DEATH,
    /** Renews and opens whether the dead-man beats or not. */
    NEEDS_NO_BEAT,
    /** Leaves the nonces of leases as they are when it seals, and when it lifts the seal. */
    KEEPS_NONCES,
    /** Raises the guards and leaves the sessions that passed them before. */
    SPARES_ZOMBIES,
    /** Lets a link's session in whatever epoch its MySQL recorded. */
    ADMITS_UNRECORDED,
    /** Takes what the present master committed from sources in any epoch. */
    RELAYS_OTHER_EPOCHS,
    /** Takes from a source whatever it had when it said where it lives. */
    RELAYS_STRAYS,
    /** Takes from a source what it has by now, whenever it said where it lives. */
    RELAYS_LATER,
    /** Takes what the present master committed from others before it knows that it opened. */
    RELAYS_UNOPENED,
    /** Notes a verdict as settled and leaves the GTIDs that it never had to the links. */
    LEAVES_VOIDS,
    /** Opens and renews whatever its neighbours recorded. */
    ASKS_NO_NEIGHBOUR,
    /** Goes on with what it kept of a znode for as long as nothing is told of it. */
    TRUSTS_WATCHES,
    /** Commits empty what was skipped, be it history or not. */
    SKIPS_WHAT_IS_HELD,
    /** Commits empty what the target refuses, though nobody let it go. */
    SKIPS_UNASKED,
    /** Does what is left of a list whatever came of the action before. */
    ENDS_ITS_LISTS,
    /** Applies what it brings whether its GTID is executed or not. */
    APPLIES_EXECUTED,
    /** Begins anew with a rewind that was broken off. */
    UNDOES_TWICE,
    /** Brings a transaction before what it followed. */
    WAITS_FOR_NO_OTHER,
    /** The dead-man takes a sleep for none and counts from when it woke. */
    COUNTS_ANEW_AFTER_SLEEP,
    /** Takes BadVersion of its own success for a lost race: reads nothing back, and wants the same again a moment later. */
    BELIEVES_BAD_VERSION
}
