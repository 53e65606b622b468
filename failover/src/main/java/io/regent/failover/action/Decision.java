package io.regent.failover.action;

import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.RecordEpoch;
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

    /**
     * Whether, once all of it is done, what comes next is decided by the same look at ZooKeeper and another at the own
     * MySQL: after a closing and after the recording of an epoch, since clients wait for what follows. That is as safe as
     * with a new look. A process may be paused right after any look, so every action is checked when it is done, by a
     * compare-and-set in ZooKeeper or by the nonce in mysqld.
     */
    public boolean goesOnAtOnce() {
        return actions.stream().anyMatch(action -> action instanceof Close || action instanceof RecordEpoch);
    }
}
