package io.regent.replicator.order;

/**
 * What of a source's transactions belongs to history, by what its MySQL knows of mastership (PROTOCOL.md, "What a link
 * may commit").
 *
 * <p>A mark (recorded = N, opened = N) lets the caller deliver what the source itself committed beyond the cut of epoch
 * N. Why that is right, for a transaction X of the source's own uuid, neither in that cut nor void at the target:
 *
 * <ul>
 *   <li>X was not committed <i>before</i> the source opened in N, wherever in its binlog it stands and however late it
 *       arrives: a region opens only when its executed set is within cut + void. A row that it wrote under an older
 *       epoch, and that is stranded, was in that set, so it is void. <b>Void at the source</b>, that is: the verdict
 *       may be younger than the target's rule. So a rule must deliver beyond the cut only if it knows all verdicts up
 *       to {@link SourceMark#verdict}. The source stored those before it opened, and the mark that says "opened" was
 *       read after.
 *   <li>X was not committed in a <i>later</i> epoch, if the mark was read after X arrived: to open in a later one, the
 *       source must record it first, and the mark would say so. Of an X that arrived after the mark was read, this is
 *       not certain: the source may have given N up, recorded N + 1 and opened in N + 2 meanwhile.
 * </ul>
 *
 * <p>The second is why a mark ages. A link asks at each heartbeat, and uses an answer for three of them, counted from
 * before it asked; then it takes {@link SourceMark#UNKNOWN}: a source that can't be asked is held, but for what is in
 * the cut. What remains is a source that, within that time, gives N up, loses rows of N which this target has (in a
 * hand-over it loses none), rewinds them, is named again and opens, while this target does not learn of the newer
 * epochs: X would lie over rows that are not history. A region that opens again only so long after it recorded the first
 * epoch that followed the one in which it was open excludes that: an older mark is not used any more.
 *
 * <p>Of a source that passes on what another region committed no such bound helps: it may record the next epoch long after
 * that region did. There {@link SourceMark#executed} decides, which never ages: what a source had executed before it said in
 * which epoch it lives, it executed in that epoch or before.
 */
@FunctionalInterface
public interface Admission {
    /** The rule under this mark; quick, for it is asked on the link's own threads. */
    Delivery under(SourceMark mark);
}
