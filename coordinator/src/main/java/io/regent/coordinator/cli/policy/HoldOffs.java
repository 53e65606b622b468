package io.regent.coordinator.cli.policy;

import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table of the hold-offs, one for each failure that a silent master may be taken for. */
public final class HoldOffs {
    private static final String ROW = "  %-25s %8s %8s  %s";

    private HoldOffs() {}

    /** For people. */
    public static List<String> lines(HoldOff holdOff) {
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted("hold-off", "default", "set", "the silent master"));
        for (Failure failure : HoldOff.FAILURES) {
            lines.add(ROW.formatted(
                    failure.title(),
                    seconds(HoldOff.STANDARD.of(failure)),
                    isSet(holdOff, failure) ? seconds(holdOff.of(failure)) : "-",
                    meaning(failure)));
        }
        return lines;
    }

    /** For tools. */
    public static List<Map<String, Object>> json(HoldOff holdOff) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Failure failure : HoldOff.FAILURES) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("failure", failure.title());
            one.put("seconds", holdOff.of(failure).toSeconds());
            one.put("defaultSeconds", HoldOff.STANDARD.of(failure).toSeconds());
            one.put("set", isSet(holdOff, failure));
            all.add(one);
        }
        return all;
    }

    private static boolean isSet(HoldOff holdOff, Failure failure) {
        return holdOff.named().containsKey(failure) || !holdOff.of(failure).equals(HoldOff.STANDARD.of(failure));
    }

    private static String seconds(Duration length) {
        return String.format(Locale.ROOT, "%d s", length.toSeconds());
    }

    private static String meaning(Failure failure) {
        return switch (failure) {
            case MASTER_MYSQL_DOWN ->
                "its own coordinator does not reach its MySQL, and what most others see is as below";
            case MASTER_REGION_GONE -> "a majority of regions miss its MySQL, none reaches it, it has no session";
            case MASTER_ISOLATED -> "a majority of regions miss its MySQL, none reaches it, it has a session";
            case COORDINATOR_GONE_MYSQL_FINE -> "most others reach its MySQL and have all that it wrote";
            case MASTER_STALLED -> "its coordinator says that a client has the global read lock there (a backup)";
            default -> "none of these: it may be the others that are cut off";
        };
    }
}
