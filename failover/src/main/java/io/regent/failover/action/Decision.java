package io.regent.failover.action;

import java.time.Duration;
import java.util.List;

/**
 * What to do next and why.
 *
 * @param actions to be performed in this order, until one is not done
 * @param reason one sentence for the log and for {@code dbctl why}
 * @param wake when to look again at the latest, after the last action
 */
public record Decision(List<Action> actions, String reason, Duration wake) {
    /** Copies the list. */
    public Decision {
        actions = List.copyOf(actions);
    }
}
