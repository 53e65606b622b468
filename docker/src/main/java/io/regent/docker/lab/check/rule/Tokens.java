package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Write;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that each carry a token no other row has, the value of the write that made it. From what the clients were told of
 * making and of deleting it, and from what became of those transactions, follows how often each must be there: once, not
 * at all, or (where an outcome is unknown) one of the two.
 *
 * @param rows what they are, in a word for messages
 * @param made the operation that makes one
 * @param deleted the operation that deletes one; empty if nothing does
 * @param sql reads all tokens of a region
 */
public record Tokens(String rows, String made, String deleted, String sql) implements Checker {
    /** What is known of a token. */
    private enum Known {
        /** For certain. */
        YES,
        /** For certain not. */
        NO,
        /** An outcome is unknown, or it was lost in silence, which is not ours to tell. */
        PERHAPS
    }

    private static final class Life {
        private Known made = Known.NO;
        private Known deleted = Known.NO;
        private String why = "";
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) throws SQLException {
        Map<String, Life> lives = lives(evidence.history(), evidence);
        judgement.examined(Invariant.EXACTLY_ONCE, lives.size(), rows);
        judgement.examined(Invariant.NO_LOSS, lives.size(), rows);
        if (!deleted.isEmpty()) {
            long gone = lives.values().stream()
                    .filter(life -> life.deleted == Known.YES)
                    .count();
            judgement.examined(Invariant.NO_RESURRECTED_DELETE, gone, "deleted " + rows);
        }
        for (String region : evidence.regions().names()) {
            judge(region, lives, tokens(evidence, region), judgement);
        }
    }

    private List<String> tokens(Evidence evidence, String region) throws SQLException {
        return evidence.regions().rows(region, sql).stream()
                .map(row -> row.get(0))
                .toList();
    }

    /** Judges the rows of one region. */
    void judge(String region, List<String> tokens, Evidence evidence, Judgement judgement) {
        judge(region, lives(evidence.history(), evidence), tokens, judgement);
    }

    private Map<String, Life> lives(History history, Evidence evidence) {
        Map<String, Life> lives = new LinkedHashMap<>();
        history.forEach(write -> {
            if (write.operation().equals(made)) {
                Life life = lives.computeIfAbsent(write.intent().value(), token -> new Life());
                life.made = known(write, evidence);
                life.why = why(write, evidence);
            } else if (!deleted.isEmpty() && write.operation().equals(deleted)) {
                Life life = lives.computeIfAbsent(write.intent().value(), token -> new Life());
                Known known = changed(write) ? known(write, evidence) : Known.NO;
                life.deleted = life.deleted == Known.YES || known == Known.NO ? life.deleted : known;
            }
        });
        return lives;
    }

    /** An acknowledged write without a GTID found no row. */
    private static boolean changed(Write write) {
        return !write.isAcknowledged() || write.gtid().isPresent();
    }

    private static Known known(Write write, Evidence evidence) {
        if (!write.isAcknowledged()) {
            return write.outcome() == Outcome.REFUSED ? Known.NO : Known.PERHAPS;
        }
        return switch (evidence.fate(write)) {
            case PRESENT, RELEASED -> Known.YES;
            case HELD, DISCARDED, NAMED -> Known.NO;
            case MISSING -> Known.PERHAPS;
        };
    }

    private static String why(Write write, Evidence evidence) {
        return write.isAcknowledged()
                ? "acknowledged, " + evidence.fate(write)
                : write.outcome().toString();
    }

    private void judge(String region, Map<String, Life> lives, List<String> tokens, Judgement judgement) {
        Map<String, Integer> there = new HashMap<>();
        tokens.forEach(token -> there.merge(token, 1, Integer::sum));
        lives.forEach((token, life) -> judge(region, token, life, there.getOrDefault(token, 0), judgement));
        there.keySet().stream()
                .filter(token -> !lives.containsKey(token))
                .forEach(token -> judgement.violated(
                        Invariant.EXACTLY_ONCE, region + ": " + rows + " " + token + " that no client wrote"));
    }

    private static void judge(String region, String token, Life life, int copies, Judgement judgement) {
        String about = region + ": " + token + " (" + life.why + ") is there ";
        if (copies > 1) {
            judgement.violated(Invariant.EXACTLY_ONCE, about + copies + " times");
        } else if (copies == 1 && life.made == Known.NO) {
            judgement.violated(Invariant.EXACTLY_ONCE, about + "though nothing of it may be");
        } else if (copies == 1 && life.deleted == Known.YES) {
            judgement.violated(Invariant.NO_RESURRECTED_DELETE, about + "though it was deleted");
        } else if (copies == 0 && life.made == Known.YES && life.deleted == Known.NO) {
            judgement.violated(Invariant.NO_LOSS, about + "no more");
        }
    }
}
