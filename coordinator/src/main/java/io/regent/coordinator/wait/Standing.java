package io.regent.coordinator.wait;

import io.regent.sql.gtid.GtidSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the cluster at one moment; all waits are judged by the same.
 *
 * @param known of ZooKeeper
 * @param regions of each region, in the order of the file
 * @param voided what is void, whoever knows it
 */
record Standing(Known known, Map<String, Kept> regions, GtidSet voided) {
    static Standing of(Known known, Map<String, Kept> regions) {
        GtidSet voided = regions.values().stream()
                .map(Kept::voided)
                .filter(set -> !set.isEmpty())
                .reduce(known.voided(), GtidSet::union);
        return new Standing(known, Collections.unmodifiableMap(new LinkedHashMap<>(regions)), voided);
    }
}
