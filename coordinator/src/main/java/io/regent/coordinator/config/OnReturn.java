package io.regent.coordinator.config;

/** What becomes of stranded transactions once they are saved and undone where they were. */
public enum OnReturn {
    /** They wait for an operator. */
    HOLD,
    /** The master's coordinator releases those that are certified; the others wait. */
    CERTIFIED
}
