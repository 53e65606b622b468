package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.StatusWords;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.diagnosis.Evidence;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.diagnosis.Witness;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What coordinators told, or else wrote, in the words of a diagnosis. */
final class Observations {
    private Observations() {}

    /**
     * Names for what is wrong.
     *
     * @param written what the regions wrote to ZooKeeper, for those that do not tell
     */
    static List<Finding> diagnose(ClusterState cluster, Map<String, Told> told, Map<String, LastWords> written) {
        List<Observation> all = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            CoordinatorStatus status =
                    told.getOrDefault(region.region(), Told.NOT_ASKED).status();
            LastWords words = written.get(region.region());
            if (status != null) {
                all.add(StatusWords.observation(region.region(), status));
            } else if (words != null) {
                all.add(words.observation(region));
            }
        }
        return Diagnosis.of(cluster, all);
    }

    /** For people: the name, whose it is, what was seen and by whom, and which page tells more. */
    static String line(Finding finding) {
        return finding.failure().title() + (finding.region().isEmpty() ? "" : " (" + finding.region() + ")") + ": "
                + finding.seen() + "; seen by " + finding.witnesses() + "; failover/runbooks/"
                + finding.failure().title() + ".md";
    }

    /** For tools. */
    static Map<String, Object> json(Finding finding) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("failure", finding.failure().title());
        all.put("region", finding.region());
        all.put("seen", finding.seen());
        all.put("certain", finding.isCertain());
        all.put("doubt", finding.doubt());
        all.put("witnesses", finding.witnesses());
        all.put("by", finding.by().stream().map(Observations::json).toList());
        return all;
    }

    private static Map<String, Object> json(Witness witness) {
        Evidence evidence = witness.evidence();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("who", witness.who());
        all.put("from", evidence.from().name().toLowerCase(Locale.ROOT));
        all.put("ageMillis", evidence.age().toMillis());
        all.put("certain", evidence.sure());
        return all;
    }
}
