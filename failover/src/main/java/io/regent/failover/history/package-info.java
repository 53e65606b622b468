/**
 * What belongs to history: cuts, what a link may commit, who diverged, what was lost. It names no action.
 *
 * <p><b>What is passed on of the present epoch.</b> A target T whose link from the master M is away takes what M commits in
 * epoch N from a source S that is not M ({@link io.regent.failover.history.Deliverable#passedOn}). Of a transaction X of M's
 * uuid, beyond the cut of N and not void as T knows it, that is right if
 *
 * <ol>
 *   <li>T recorded N: links run in no other epoch, and their sessions end before the next one is recorded;
 *   <li>S executed X, and <i>afterwards</i> said that it recorded N. So X came to S in N or before, whatever S does next.
 *       (An epoch that was read before X arrived proves less, and a time bound, as for M's own word, is of no use here: M
 *       counts from when <i>it</i> recorded N + 1, and S may do so later. M gives N up, loses rows that T has, rewinds
 *       them, opens in N + 2; S goes from N to N + 2 at once, gets X of N + 2, and T, still in N, lays it over those rows.)
 *   <li>M opened in N, and T knows every verdict that M had settled then. M opens only when all that it executed is in the
 *       cut or void: so X, which is neither, was not among it, and M committed it in N or later. (S may hold what M wrote
 *       under an older epoch, stranded, and void by a verdict younger than those that S and T know.) One znode must say
 *       both, see {@link io.regent.failover.history.Deliverable#knowsOpening};
 *   <li>S knew no verdict beyond those that T knows, also said after it executed X: else X may be empty there for one;
 *   <li>S has not diverged, as T sees it: what it has is not what others have.
 * </ol>
 *
 * <p>By 2 and 3 X was committed by M in N or later and by S in N or before; what S took in N or before it took by these rules,
 * or from M itself, who said that it lives in N: so X is of N. (A region that was rebuilt has the data of its donor and one
 * epoch less, in which another region was master. That it was another does not hold where a region that gave up was named
 * again at once: there S, rebuilt in N + 1, says N, and T, cut off from ZooKeeper with a last look at N, takes what M wrote in
 * N + 1. It is history all the same, unless M loses those numbers too.) It is as M wrote it, but for what every target commits
 * empty anyway: what is void, what carries nothing for others (accounts, FLUSH, a coordinator's probe), and what an operator
 * skipped, which is to be empty wherever it is not executed; T may hear of that skip a moment after S.
 *
 * <p>What may happen in between:
 *
 * <ul>
 *   <li><i>A failover while T takes from S.</i> T ends all its links, that from S too, raises the guard of every source and
 *       sees older sessions gone before it stores N + 1 and reads its set: what S brought is in the union or never comes.
 *       S may record N + 1 first: then it says so, and T takes no more of it; what it had executed before is in its own
 *       report too. T may record it first: its links are gone. In N + 1 without a cut nothing is passed on.
 *   <li><i>M is dead, T and S take from each other</i> what the other has of N until either records N + 1: the union would
 *       hold it anyway, and the loss is smaller where one of them is not heard in time.
 *   <li><i>T and S are cut off from ZooKeeper</i> and go on in N: what S has is passed to T, who is no better off than with a
 *       link from M: what a later cut leaves out is stranded at both.
 *   <li><i>A move while T takes from S.</i> M closes and hands over; the cut holds all that M executed. T goes on in N until
 *       S says N + 1, then records it and takes the rest as what is inside the cut.
 *   <li><i>The link from M comes back</i> while S's is in the middle of X. Both name X in {@code gtid_next}: the second waits,
 *       and is passed over if the first commits. What a COMMIT that was passed over answers is not taken for rows; what
 *       then stands under X is what the other committed, under the same rules of the same links: the same.
 *   <li><i>The link from M stopped at X</i>, or failed in any way that a human is to look at: nobody goes round it.
 * </ul>
 */
@NullMarked
package io.regent.failover.history;

import org.jspecify.annotations.NullMarked;
