package io.regent.failover.diagnosis;

import io.regent.failover.model.Failure;
import io.regent.failover.model.RegionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a region is called of which no coordinator has a session, from what others see of it. */
final class Silence {
    private static final String ABSENT = "no coordinator of it has a session";

    private final int regions;
    private final Voices voices;

    /** @param regions how many the cluster has */
    Silence(int regions, Voices voices) {
        this.regions = regions;
        this.voices = voices;
    }

    /** The region that is master. */
    Finding ofMaster(RegionState region) {
        String name = region.region();
        List<Observation> hearing = voices.hearing(name);
        if (!hearing.isEmpty()) {
            String seen = "its coordinator answers " + String.join(" and ", Voices.names(hearing))
                    + ", and has no ZooKeeper session" + links(name);
            List<Witness> by = new ArrayList<>(by(name, Witness.zookeeper()));
            by.addAll(hearsay(hearing));
            return new Finding(Failure.MASTER_ISOLATED, name, seen, by, "");
        }
        if (!voices.links(name, true).isEmpty()) {
            return coordinatorGone(name);
        }
        boolean confirmed = voices.links(name, false).size() * 2 > regions;
        return new Finding(
                confirmed ? Failure.MASTER_REGION_GONE : Failure.MASTER_UNCONFIRMED,
                name,
                ABSENT + links(name) + lastWords(region),
                by(name, Witness.zookeeper()),
                "");
    }

    /** Another region. */
    Finding of(RegionState region) {
        String name = region.region();
        if (!voices.links(name, true).isEmpty()) {
            return coordinatorGone(name);
        }
        return new Finding(
                Failure.REGION_GONE,
                name,
                ABSENT + links(name) + lastWords(region),
                by(name, Witness.zookeeper()),
                answering(name));
    }

    /** It is gone for certain only if it does not answer over HTTP either. */
    private Finding coordinatorGone(String name) {
        String answers = answering(name);
        boolean asked = !voices.askingInVain(name).isEmpty();
        return new Finding(
                Failure.COORDINATOR_GONE_MYSQL_FINE,
                name,
                ABSENT + links(name),
                by(name, Witness.zookeeper()),
                answers.isEmpty() && !asked ? "nobody asks its coordinator over HTTP" : answers);
    }

    private String answering(String name) {
        List<String> hearing = Voices.names(voices.hearing(name));
        if (!hearing.isEmpty()) {
            return "its coordinator answers " + String.join(" and ", hearing);
        }
        return voices.told(name) == null ? "" : "its coordinator answers";
    }

    private String lastWords(RegionState region) {
        Observation own = voices.written(region.region());
        return own == null || region.report() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; its last report, %d s ago, had its MySQL %s",
                        own.own().evidence().age().toSeconds(),
                        own.own().what().mysql());
    }

    /** From where its MySQL is seen, and from where it is not. */
    String links(String name) {
        List<String> seeing = Voices.names(voices.links(name, true));
        List<String> blind = Voices.names(voices.links(name, false));
        return (seeing.isEmpty() ? "" : "; its MySQL is seen from " + String.join(", ", seeing))
                + (blind.isEmpty() ? "" : "; its MySQL is not seen from " + String.join(", ", blind));
    }

    /** This witness, and all whose links tell of it. */
    List<Witness> by(String name, Witness first) {
        List<Witness> all = new ArrayList<>(List.of(first));
        for (boolean sees : List.of(true, false)) {
            voices.links(name, sees)
                    .forEach(
                            one -> all.add(new Witness(one.region(), one.links().evidence())));
        }
        return all;
    }

    static List<Witness> hearsay(List<Observation> hearing) {
        return hearing.stream()
                .map(one -> new Witness(one.region(), one.heard().evidence().hearsay()))
                .toList();
    }
}
