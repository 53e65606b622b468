package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates.Fate;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key has one owner at a time: between the end of the write that claimed it and the start of the one that gave it up,
 * a claim owns it for certain, and no two do. Claims that are in no region's rows, or came there by a release, at a time
 * that the history does not know, count for nothing.
 *
 * @param claimed the operation that claims a key for a token
 * @param givenUp the operation that deletes the token's row
 */
public record Owners(String claimed, String givenUp) implements Checker {
    private static final long FOR_EVER = Long.MAX_VALUE;

    private static final class Claim {
        private final Write write;
        private long untilNanos = FOR_EVER;

        private Claim(Write write) {
            this.write = write;
        }
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        Map<String, Claim> claims = claims(evidence);
        judgement.examined(Invariant.UNIQUE_KEY, claims.size(), "claims that came about");
        Map<String, List<Claim>> byKey = new TreeMap<>();
        claims.values()
                .forEach(claim -> byKey.computeIfAbsent(claim.write.intent().key(), key -> new ArrayList<>())
                        .add(claim));
        byKey.forEach((key, all) -> judge(key, all, judgement));
    }

    private Map<String, Claim> claims(Evidence evidence) {
        Map<String, Claim> claims = new HashMap<>();
        Map<String, Long> ends = new HashMap<>();
        evidence.history().forEach(write -> {
            String token = write.intent().value();
            boolean acknowledged = write.isAcknowledged() && write.gtid().isPresent();
            if (write.operation().equals(claimed) && acknowledged && evidence.fate(write) == Fate.PRESENT) {
                claims.put(token, new Claim(write));
            } else if (write.operation().equals(givenUp) && (acknowledged || write.outcome() == Outcome.UNKNOWN)) {
                ends.merge(token, write.startNanos(), Math::min);
            }
        });
        claims.forEach((token, claim) -> claim.untilNanos = ends.getOrDefault(token, FOR_EVER));
        return claims;
    }

    private static void judge(String key, List<Claim> claims, Judgement judgement) {
        claims.sort(Comparator.comparingLong(claim -> claim.write.endNanos()));
        Claim longest = claims.get(0);
        for (Claim claim : claims.subList(1, claims.size())) {
            // What is owned for no certain time is no proof.
            boolean certain = claim.untilNanos > claim.write.endNanos();
            if (certain && claim.write.endNanos() < longest.untilNanos) {
                judgement.violated(
                        Invariant.UNIQUE_KEY,
                        key + " belongs to " + longest.write.intent().value() + " (" + longest.write.region()
                                + ") and to " + claim.write.intent().value() + " (" + claim.write.region()
                                + ") at once");
            }
            longest = claim.untilNanos > longest.untilNanos ? claim : longest;
        }
    }
}
