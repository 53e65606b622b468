package io.regent.coordinator.execute;

import io.regent.replicator.apply.StopReport;
import io.regent.replicator.link.LinkStatus;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Tsid;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Says of transactions that a link waits for which other link into the same region is to bring each, and what keeps it.
 *
 * @param target the region that the links lead to
 * @param owners the region of each server uuid
 * @param links what the link from a region does at this moment; nothing if there is none
 */
record Bringers(String target, Map<UUID, String> owners, Function<String, Optional<LinkStatus>> links) {
    Bringers {
        owners = Map.copyOf(owners);
    }

    /** How a sentence that names them goes on; empty if they are nobody's. */
    String of(GtidSet awaited) {
        Map<String, GtidSet> bySource = new LinkedHashMap<>();
        for (Tsid tsid : awaited.tsids()) {
            String owner = owners.get(tsid.uuid());
            if (owner != null && !owner.equals(target)) {
                bySource.merge(owner, awaited.restrictedTo(tsid.uuid()::equals), GtidSet::union);
            }
        }
        StringBuilder all = new StringBuilder();
        bySource.forEach((source, part) -> all.append("; link ")
                .append(target)
                .append("<-")
                .append(source)
                .append(" is to bring ")
                .append(bySource.size() == 1 ? "it" : part)
                .append(state(source, part)));
        return all.toString();
    }

    private String state(String source, GtidSet awaited) {
        LinkStatus link = links.apply(source).orElse(null);
        if (link == null) {
            return ", and does not run";
        }
        StopReport stopped = link.stopped();
        if (stopped != null) {
            return (awaited.contains(Gtid.parse(stopped.gtid()))
                            ? ", and stopped at it: "
                            : ", and stopped before it: ")
                    + shortly(stopped);
        }
        return link.state() == LinkStatus.State.RUNNING ? "" : ", and is " + stateOf(link);
    }

    private static String shortly(StopReport stopped) {
        return stopped.gtid() + ", " + stopped.what() + (stopped.error() == 0 ? "" : ", error " + stopped.error());
    }

    private static String stateOf(LinkStatus link) {
        String state = link.state().name().toLowerCase(Locale.ROOT);
        return link.detail().isEmpty() ? state : state + ": " + link.detail();
    }
}
