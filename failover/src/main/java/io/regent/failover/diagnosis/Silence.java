package io.regent.failover.diagnosis;

import io.regent.failover.decide.Testimony;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Failure;
import io.regent.failover.model.RegionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a region is called of which no coordinator has a session, or that does not renew, from what others see of it. */
final class Silence {
    private static final String ABSENT = "no coordinator of it has a session";
    private static final String MUTE = "it does not renew, though a coordinator of it has a session";

    private static final String LOCKED =
            "it is not renewed while a client has the global read lock in its MySQL (a backup"
                    + " by FLUSH TABLES WITH READ LOCK)";

    private final ClusterState cluster;
    private final Voices voices;

    Silence(ClusterState cluster, Voices voices) {
        this.cluster = cluster;
        this.voices = voices;
    }

    /** The region that is master: by the name that a decision would have for it now, unless its coordinator is heard. */
    Finding ofMaster(RegionState region) {
        String name = region.region();
        List<Observation> hearing = voices.hearing(name);
        if (!region.present() && !hearing.isEmpty()) {
            String seen = "its coordinator answers " + String.join(" and ", Voices.names(hearing))
                    + ", and has no ZooKeeper session" + links(name) + decided(region);
            List<Witness> by = new ArrayList<>(by(name, Witness.zookeeper()));
            by.addAll(hearsay(hearing));
            return new Finding(Failure.MASTER_ISOLATED, name, seen, by, "");
        }
        Failure taken = testimony(region).failure();
        if (taken == Failure.COORDINATOR_GONE_MYSQL_FINE && !region.present()) {
            return coordinatorGone(name);
        }
        if (taken == Failure.MASTER_STALLED) {
            return new Finding(taken, name, LOCKED, by(name, Witness.zookeeper()), "");
        }
        String seen = (region.present() ? MUTE : ABSENT) + links(name) + (region.present() ? "" : lastWords(region));
        return new Finding(taken, name, seen, by(name, Witness.zookeeper()), "");
    }

    /** What decisions take a master for, where that is not what its own coordinator's voice says; they hear no voice. */
    String decided(RegionState master) {
        Failure taken = testimony(master).failure();
        return master.present() || taken == Failure.MASTER_ISOLATED
                ? ""
                : "; decisions, which hear nobody over HTTP, take it for " + taken.title();
    }

    /** What the observations say of it, its own coordinator's left out. */
    private Testimony testimony(RegionState master) {
        String name = master.region();
        return new Testimony(
                name,
                master.present(),
                cluster.regions().size(),
                Voices.names(voices.links(name, false)),
                Voices.names(voices.links(name, true)),
                Voices.names(voices.following(name)),
                LossForecast.of(cluster).count(),
                Testimony.isReadLocked(master));
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
