package io.regent.sql.carriage;

import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one server has and another does not take. Pure. */
final class PairRules {
    static final String NAMES_OF_TABLES = "lower_case_table_names";
    private static final Pattern ZONE = Pattern.compile("'([A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*)'");
    private static final Pattern PLACE = Pattern.compile("[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+-]+)+");
    private static final String TIME_ZONE = "time_zone";
    private static final Pattern VECTOR_SIZE = Pattern.compile("(`.*`) vector\\((\\d+)\\)(.*)");
    private static final int BYTES_OF_A_FLOAT = 4;
    private static final String LOAD =
            "mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql --init-command='SET sql_log_bin=0'" + " mysql  at ";

    private final String from;
    private final ServerContents source;
    private final String to;
    private final ServerContents target;
    private final List<Obstacle> all = new ArrayList<>();

    PairRules(String from, ServerContents source, String to, ServerContents target) {
        this.from = from;
        this.source = source;
        this.to = to;
        this.target = target;
    }

    List<Obstacle> all() {
        names();
        collations();
        vectors();
        zones();
        return all;
    }

    private void names() {
        String there = target.value(NAMES_OF_TABLES);
        String here = source.value(NAMES_OF_TABLES);
        if (!there.equals(here)) {
            all.add(Obstacle.of(
                    Weight.STOPS,
                    NAMES_OF_TABLES,
                    there + " at " + to + ", " + here + " at " + from + "; statements may not find their tables",
                    "line  " + NAMES_OF_TABLES + " = " + here + "  in my.cnf of " + to
                            + " before its data directory is made"
                            + " (mysqld --initialize), then 'dbctl region rebuild " + to + "'"));
        }
    }

    /** By number, as events carry them; {@code utf8} was renamed {@code utf8mb3} in 8.0.28. */
    private void collations() {
        Map<String, String> numbers = numbers(source);
        Map<String, String> known = new TreeMap<>();
        target.of(Kind.COLLATION).forEach(item -> known.put(item.detail(), plain(item.name())));
        if (known.isEmpty()) {
            return;
        }
        Set<String> told = new LinkedHashSet<>();
        for (Item used : source.of(Kind.COLLATED)) {
            String number = numbers.getOrDefault(used.name(), "");
            if (!plain(used.name()).equals(known.get(number)) && told.add(used.name())) {
                all.add(Obstacle.of(
                        Weight.STOPS,
                        "collation " + used.name(),
                        used.detail() + " of " + from + " uses it, and the MySQL of " + to + " does not know it",
                        "at " + from + " another one (ALTER TABLE ... CONVERT TO CHARACTER SET utf8mb4 COLLATE"
                                + " utf8mb4_0900_ai_ci; ALTER DATABASE ... COLLATE ...), or at " + to
                                + " a version that has it, or the same Index.xml in its character-sets-dir"));
            }
        }
    }

    private static Map<String, String> numbers(ServerContents server) {
        Map<String, String> all = new TreeMap<>();
        server.of(Kind.COLLATION).forEach(item -> all.put(item.name(), item.detail()));
        return all;
    }

    private static String plain(String collation) {
        return collation.startsWith("utf8mb3_") ? "utf8_" + collation.substring("utf8mb3_".length()) : collation;
    }

    private void vectors() {
        List<Item> vectors = source.of(Kind.VECTOR);
        if (vectors.isEmpty() || target.version().atLeast(9, 0, 0)) {
            return;
        }
        List<String> shown =
                vectors.stream().map(item -> item.full() + " " + item.detail()).toList();
        all.add(new Obstacle(
                Weight.STOPS,
                "columns of type VECTOR",
                Carriage.named(shown) + " at " + from + "; MySQL " + target.version() + " of " + to
                        + " has no such type",
                "MySQL 9.0 or newer at " + to + ", or at " + from + " their bytes: "
                        + String.join(
                                "; ", vectors.stream().map(PairRules::asBytes).toList()),
                List.of()));
    }

    private static String asBytes(Item column) {
        Matcher size = VECTOR_SIZE.matcher(column.detail());
        String definition = size.matches()
                ? size.group(1) + " VARBINARY(" + Integer.parseInt(size.group(2)) * BYTES_OF_A_FLOAT + ")"
                        + size.group(3)
                : column.detail();
        return "ALTER TABLE " + Quoting.identifier(column.schema(), column.name()) + " MODIFY " + definition;
    }

    private void zones() {
        Map<String, String> here = zones(source);
        Map<String, String> there = zones(target);
        Map<String, String> used = usedZones(here);
        Set<String> missing = new TreeSet<>(used.keySet());
        missing.removeIf(there::containsKey);
        if (!missing.isEmpty()) {
            String first = missing.iterator().next();
            all.add(Obstacle.of(
                    missing.contains(source.value(TIME_ZONE)) ? Weight.STOPS : Weight.COSTS,
                    "time zones",
                    String.join(", ", missing) + " is used at " + from + " (by " + used.get(first) + "), and " + to
                            + " has no such zone",
                    LOAD + to));
        } else if (there.isEmpty() && !here.isEmpty()) {
            all.add(Obstacle.of(
                    Weight.COSTS,
                    "time zones",
                    from + " has tables of named zones, " + to
                            + " has none; a link stops at a definition made by a session"
                            + " under a named zone, and CONVERT_TZ gives NULL there",
                    LOAD + to));
        }
        List<String> differing = used.keySet().stream()
                .filter(zone -> there.containsKey(zone) && here.containsKey(zone))
                .filter(zone -> !Objects.equals(here.get(zone), there.get(zone)))
                .toList();
        if (!differing.isEmpty()) {
            all.add(Obstacle.of(
                    Weight.COSTS,
                    "time zones",
                    Carriage.named(differing) + " is used at " + from + ", and " + to
                            + " knows other rules of it; views and programs give other times there",
                    "the same tzdata on both hosts, then  " + LOAD + "both, and a restart of both"));
        }
    }

    private static Map<String, String> zones(ServerContents server) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        server.of(Kind.ZONE).forEach(zone -> all.put(zone.name(), zone.detail()));
        return all;
    }

    /**
     * Zones, each with one of its users. A word in quotes is one if the server knows it as such; if it knows none, if it looks
     * like one. Their names are the same in capitals.
     */
    private Map<String, String> usedZones(Map<String, String> known) {
        Map<String, String> used = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String own = source.value(TIME_ZONE);
        if (!own.isEmpty() && !own.equals("SYSTEM") && Character.isLetter(own.charAt(0))) {
            used.put(own, "the variable time_zone");
        }
        for (Item definition : source.of(Kind.ZONED)) {
            Matcher zone = ZONE.matcher(definition.detail());
            while (zone.find()) {
                String name = zone.group(1);
                if (known.isEmpty() ? PLACE.matcher(name).matches() : known.containsKey(name)) {
                    used.putIfAbsent(name, definition.full());
                }
            }
        }
        return used;
    }
}
