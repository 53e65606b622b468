package io.regent.sql.carriage;

import java.util.ArrayList;
import java.util.List;

/** The way to {@code gtid_mode=ON} on a running server, from where it stands. Never walked by Regent itself. */
final class GtidOnRamp {
    private GtidOnRamp() {}

    /**
     * The steps.
     *
     * @param mode {@code gtid_mode}
     * @param consistency {@code enforce_gtid_consistency}
     */
    static String from(String mode, String consistency) {
        List<String> steps = new ArrayList<>();
        if (!consistency.equals("ON")) {
            if (!consistency.equals("WARN")) {
                steps.add("SET GLOBAL enforce_gtid_consistency = WARN");
            }
            steps.add("let applications do all that they do, and mend what mysqld's error log warns of");
            steps.add("SET PERSIST enforce_gtid_consistency = ON");
        }
        if (mode.equals("OFF")) {
            steps.add("SET PERSIST gtid_mode = OFF_PERMISSIVE");
        }
        if (mode.equals("OFF") || mode.equals("OFF_PERMISSIVE")) {
            steps.add("SET PERSIST gtid_mode = ON_PERMISSIVE");
        }
        if (!mode.equals("ON")) {
            steps.add("wait until SHOW STATUS LIKE 'Ongoing_anonymous_transaction_count' says 0");
            steps.add("SET PERSIST gtid_mode = ON");
            steps.add("lines gtid_mode=ON and enforce_gtid_consistency=ON in my.cnf");
            steps.add(
                    "make the other regions from a backup taken after that: what was committed before has no GTID, and"
                            + " no link brings it");
        }
        StringBuilder text = new StringBuilder("on the running server, step by step:");
        for (int i = 0; i < steps.size(); i++) {
            text.append(' ').append(i + 1).append(") ").append(steps.get(i)).append(i + 1 < steps.size() ? ";" : "");
        }
        return text.toString();
    }
}
