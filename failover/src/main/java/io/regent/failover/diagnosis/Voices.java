package io.regent.failover.diagnosis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who says what of a region. What a region wrote to ZooKeeper says what others are only as long as it has a session; of
 * itself its last words tell what it was.
 */
final class Voices {
    private final Map<String, Observation> all = new TreeMap<>();

    Voices(List<Observation> observations) {
        observations.forEach(one -> all.put(one.region(), one));
    }

    /** What its own coordinator told just now; null if it did not. */
    @Nullable Observation told(String region) {
        Observation own = all.get(region);
        return own != null && own.isTold() ? own : null;
    }

    /** What stands of it in ZooKeeper, where it did not tell; null if nothing does. */
    @Nullable Observation written(String region) {
        Observation own = all.get(region);
        return own != null && !own.isTold() ? own : null;
    }

    /** All who told just now. */
    Collection<Observation> tellers() {
        return all.values().stream().filter(Observation::isTold).toList();
    }

    /** All whose word of others counts. */
    Stream<Observation> speakers() {
        return all.values().stream()
                .filter(one -> one.isTold() || one.links().evidence().sure());
    }

    /** Those whose link from there sees its MySQL, or does not; who has none, or one that failed, is among neither. */
    List<Observation> links(String source, boolean sees) {
        return speakers()
                .filter(one -> {
                    Observation.LinkSight link = one.links().what().get(source);
                    return link != null && link.says(sees);
                })
                .toList();
    }

    /** Those that have all that it wrote. */
    List<Observation> following(String source) {
        return speakers()
                .filter(one -> {
                    Observation.LinkSight link = one.links().what().get(source);
                    return link != null && link.source() == Observation.SourceSight.FOLLOWED;
                })
                .toList();
    }

    /** Those whom its coordinator answers. */
    List<Observation> hearing(String region) {
        return heard(heard -> heard.hears(region));
    }

    /** Those whom it answers that it has no ZooKeeper. */
    List<Observation> hearingCutOff(String region) {
        return heard(heard -> heard.cutOff().contains(region));
    }

    /** Those who ask it and get no answer. */
    List<Observation> askingInVain(String region) {
        return heard(heard -> heard.silent().contains(region));
    }

    private List<Observation> heard(Predicate<Heard> how) {
        return speakers().filter(one -> how.test(one.heard().what())).toList();
    }

    static List<String> names(List<Observation> those) {
        return those.stream().map(Observation::region).toList();
    }
}
