package io.regent.coordinator.zookeeper;

import io.regent.replicator.apply.StopReport;
import java.util.List;

/**
 * An operator's verdict that a transaction which stopped a link is let go: {@code /skips/GTID}, for ever. That the znode is
 * there is the verdict; what is in it is for who asks later.
 *
 * @param gtid the transaction
 * @param at when, as ISO 8601 in UTC
 * @param by who
 * @param why what he gave as the reason
 * @param link which link was stopped at it, {@code target<-source}
 * @param executedBy the regions that had executed it by then, and keep it
 * @param report what the link reported
 */
public record Skip(
        String gtid, String at, String by, String why, String link, List<String> executedBy, StopReport report) {
    public Skip {
        executedBy = List.copyOf(executedBy);
    }

    /** For a human. */
    public String line() {
        return at + "  " + gtid + " skipped by " + by + ": " + why + "; link " + link + " was stopped at "
                + report.what() + (report.error() == 0 ? "" : ", error " + report.error()) + "; kept by "
                + (executedBy.isEmpty() ? "no region" : String.join(", ", executedBy))
                + ", committed empty by every other";
    }
}
