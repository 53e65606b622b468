package io.regent.sql.preflight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One right of an account on one thing.
 *
 * @param right as GRANT writes it; a role's name; GRANT OPTION
 * @param on on what, as GRANT writes it; empty for a role
 */
record Grant(String right, String on) implements Comparable<Grant> {
    private static final Comparator<Grant> ORDER =
            Comparator.comparing(Grant::on).thenComparing(Grant::right);
    private static final Pattern RIGHTS =
            Pattern.compile("GRANT (?<rights>.+?) ON (?<on>.+) TO (?<who>[`'].*?[`']@[`'].*?[`'])(?<more>.*)");
    private static final Pattern ROLES = Pattern.compile("GRANT (?<roles>.+) TO [`'].*?[`']@[`'].*?[`'].*");
    private static final String OPTION = "GRANT OPTION";
    private static final String USAGE = "USAGE";

    /** What a line of SHOW GRANTS gives. */
    static List<Grant> parse(String line) {
        Matcher rights = RIGHTS.matcher(line);
        if (rights.matches()) {
            String on = rights.group("on");
            List<Grant> all = new ArrayList<>();
            split(rights.group("rights")).forEach(right -> all.add(new Grant(right, on)));
            if (rights.group("more").contains("WITH " + OPTION)) {
                all.add(new Grant(OPTION, on));
            }
            all.removeIf(grant -> grant.right.equals(USAGE));
            return all;
        }
        Matcher roles = ROLES.matcher(line);
        return roles.matches()
                ? split(roles.group("roles")).stream()
                        .map(role -> new Grant(role, ""))
                        .toList()
                : List.of(new Grant(line, ""));
    }

    /** At the commas that no parenthesis encloses. */
    private static List<String> split(String list) {
        List<String> all = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                all.add(list.substring(from, i).strip());
                from = i + 1;
            }
        }
        all.add(list.substring(from).strip());
        return all;
    }

    boolean isGlobal() {
        return on.equals("*.*");
    }

    /** Statements that give these to an account. */
    static List<String> statements(Collection<Grant> grants, String account) {
        Map<String, List<String>> byThing = new TreeMap<>();
        grants.forEach(grant ->
                byThing.computeIfAbsent(grant.on, on -> new ArrayList<>()).add(grant.right));
        List<String> all = new ArrayList<>();
        byThing.forEach((on, rights) ->
                all.add("GRANT " + String.join(", ", rights) + (on.isEmpty() ? "" : " ON " + on) + " TO " + account));
        return all;
    }

    @Override
    public int compareTo(Grant other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return on.isEmpty() ? "role " + right : right + " on " + on;
    }
}
