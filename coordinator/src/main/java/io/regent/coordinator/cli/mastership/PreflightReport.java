package io.regent.coordinator.cli.mastership;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.preflight.Concern;
import io.regent.sql.preflight.Concern.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a region can become master, as JSON shows it.
 *
 * @param region the region
 * @param verdict {@code ready}; {@code forcible}: refused, and {@code promote --force} takes the risks; {@code refused}
 * @param concerns what stands against it or should be known, the gravest first
 * @param blockers sessions at the master that would hold the closing up
 */
record PreflightReport(String region, String verdict, List<Found> concerns, List<Session> blockers) {
    /**
     * A concern.
     *
     * @param risk what {@code promote --force} would risk; empty if it can't be forced or need not be
     * @param at the region where the statements belong
     * @param statements what would put it right; only on demand, for hashes of passwords may be in it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Found(String level, String text, String risk, String at, List<String> statements) {}

    /** A session. */
    record Session(
            long session,
            String user,
            String host,
            String kind,
            long ageMillis,
            long rows,
            String statement,
            boolean ending) {}

    static PreflightReport of(MovePreflight preflight, boolean statements) {
        String verdict =
                preflight.refusals(false).isEmpty() ? "ready" : preflight.canBeForced() ? "forcible" : "refused";
        List<Found> found = new ArrayList<>();
        for (Level level : Level.values()) {
            preflight.concerns().stream()
                    .filter(concern -> concern.level() == level)
                    .forEach(concern -> found.add(found(concern, statements)));
        }
        return new PreflightReport(
                preflight.region(),
                verdict,
                found,
                preflight.blockers().stream().map(PreflightReport::session).toList());
    }

    private static Found found(Concern concern, boolean statements) {
        return new Found(
                concern.level().name().toLowerCase(Locale.ROOT),
                concern.text(),
                concern.risk(),
                concern.region(),
                statements ? concern.statements() : List.of());
    }

    static Session session(Blocker blocker) {
        return new Session(
                blocker.session(),
                blocker.user(),
                blocker.host(),
                blocker.kind().name().toLowerCase(Locale.ROOT),
                blocker.age().toMillis(),
                blocker.rows(),
                blocker.statement(),
                blocker.ending());
    }

    boolean isReady() {
        return verdict.equals("ready");
    }

    /** The verdict in a sentence. */
    String headline() {
        return switch (verdict) {
            case "ready" -> region + " can become master";
            case "forcible" -> region + " would be refused: 'promote --force' takes the risks named";
            default -> region + " cannot become master";
        };
    }

    /** The concerns, for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Found found : concerns) {
            lines.add(
                    found.level() + ": " + found.text() + (found.risk().isEmpty() ? "" : "; risked: " + found.risk()));
        }
        return lines;
    }
}
