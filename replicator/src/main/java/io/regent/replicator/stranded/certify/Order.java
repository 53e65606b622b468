package io.regent.replicator.stranded.certify;

import io.regent.sql.gtid.GtidSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The order in which transactions that share keys were written: each must have known all those before it. That it had
 * executed them tells so only within one verdict: what an earlier one made void counts as executed for ever, and may have
 * been undone before the later one was written.
 */
final class Order {
    private Order() {}

    /** Sorted by how much each knew. */
    static List<Footprint> of(List<Footprint> members) {
        return members.stream()
                .sorted(Comparator.comparingLong(member -> member.base().count()))
                .toList();
    }

    /** Two of which neither knew the other, or one whose knowledge is not known. */
    static Optional<String> fault(List<Footprint> ordered) {
        GtidSet before = GtidSet.EMPTY;
        for (int i = 0; i < ordered.size(); i++) {
            Footprint member = ordered.get(i);
            if (member.base().isEmpty()) {
                return Optional.of("what " + member.gtid() + " was written upon is not known");
            }
            if (member.verdict() != ordered.get(0).verdict()) {
                return Optional.of(
                        ordered.get(0).gtid() + " and " + member.gtid() + " share a row and were made void by"
                                + " two verdicts: whether the later one was written upon the other, or after that was undone,"
                                + " can't be told");
            }
            if (!member.base().contains(before)) {
                return Optional.of(member.gtid() + " was written without knowing of " + before.subtract(member.base())
                        + ", with which it shares a row");
            }
            before = before.plus(member.gtid());
        }
        return Optional.empty();
    }
}
