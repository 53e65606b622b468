package io.regent.coordinator.zookeeper;

/** What came of a write. A write is one multi: all of it took effect or nothing of it did. */
public sealed interface Written {
    /**
     * A quorum has it.
     *
     * @param version data version of the first znode that was set or created
     */
    record Ok(int version) implements Written {}

    /**
     * The server answered that a check failed. It did not take effect and never will: a request is sent once, so this
     * answer is no echo of an earlier success.
     *
     * @param why the condition that failed and its znode, such as {@code BADVERSION of /identity/master}
     */
    record Refused(String why) implements Written {}

    /**
     * No answer: it took effect, or will later, or never will.
     *
     * @param why what was seen instead, such as {@code CONNECTIONLOSS}
     */
    record Unknown(String why) implements Written {}

    /** Whether a quorum has it for certain. */
    default boolean isOk() {
        return this instanceof Ok;
    }
}
