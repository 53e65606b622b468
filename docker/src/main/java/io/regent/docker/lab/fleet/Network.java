package io.regent.docker.lab.fleet;

import java.util.List;
import java.util.Set;

/** The network between regions. Applications, which are outside, reach every region whatever is cut. */
public interface Network {
    /** From when this returns, what these describe is dropped without a word; everything that was cut before passes again. */
    void cut(List<Cut> cuts);

    /** Nothing is cut or limited any more. */
    default void heal() {
        cut(List.of());
    }

    /**
     * Limits what a region sends to all others, but for what ZooKeeper's servers and clients say; applications get their
     * answers as fast as ever.
     *
     * @param kilobits a second; 0 for no limit
     */
    void limit(String region, int kilobits);

    /** What is dropped. */
    enum Traffic {
        /** All of it. */
        ALL,
        /** All but what ZooKeeper's servers and their clients say. */
        ALL_BUT_ZOOKEEPER,
        /** Only that. */
        ZOOKEEPER
    }

    /**
     * One cut.
     *
     * @param from regions
     * @param to regions
     * @param bothWays whether the other direction is cut as well
     * @param traffic what is cut
     */
    record Cut(Set<String> from, Set<String> to, boolean bothWays, Traffic traffic) {
        /** Copies the sets; a region cannot be cut from itself. */
        public Cut {
            from = Set.copyOf(from);
            to = Set.copyOf(to);
            if (from.isEmpty() || to.isEmpty() || from.stream().anyMatch(to::contains)) {
                throw new IllegalArgumentException(
                        "a cut is between two sets of different regions, not " + from + " and " + to);
            }
        }

        /** Nothing passes between these and those. */
        public static Cut between(Set<String> one, Set<String> other) {
            return new Cut(one, other, true, Traffic.ALL);
        }

        /** Whether packets from one region to another fall under it. */
        public boolean drops(String sender, String receiver) {
            return (from.contains(sender) && to.contains(receiver))
                    || (bothWays && to.contains(sender) && from.contains(receiver));
        }
    }
}
