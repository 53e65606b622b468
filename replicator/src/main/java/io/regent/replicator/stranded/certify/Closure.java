package io.regent.replicator.stranded.certify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups transactions that share a key, directly or over others; two children of one parent share it. */
public final class Closure {
    private final int[] leader;

    private Closure(int size) {
        leader = new int[size];
        for (int i = 0; i < size; i++) {
            leader[i] = i;
        }
    }

    /**
     * The groups, in the order of their first members; the members of each in the order given.
     *
     * @param all of the whole cluster, whatever region held them and whatever verdict made them void
     */
    public static List<List<Footprint>> of(List<Footprint> all) {
        Closure closure = new Closure(all.size());
        Map<Key, Integer> first = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            for (Key key : all.get(i).keys()) {
                Integer known = first.putIfAbsent(key, i);
                if (known != null) {
                    closure.join(known, i);
                }
            }
        }
        Map<Integer, List<Footprint>> groups = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            groups.computeIfAbsent(closure.find(i), root -> new ArrayList<>()).add(all.get(i));
        }
        return List.copyOf(groups.values());
    }

    private void join(int one, int other) {
        int a = find(one);
        int b = find(other);
        leader[Math.max(a, b)] = Math.min(a, b);
    }

    private int find(int of) {
        int at = of;
        while (leader[at] != at) {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        return at;
    }
}
