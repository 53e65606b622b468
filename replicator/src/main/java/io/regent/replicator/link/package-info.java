/**
 * A link: one source region's stream, captured, ordered and applied to one target region.
 *
 * <p>Data flows one way: {@code capture} hands raw events to the engine's thread; there they are assembled, put into
 * order (deliverable? causes present? logical clock?), compared with the target's tables, and given to one of N workers;
 * each worker commits on a session of its own, in the order of the commit window. Nothing flows back to the source: the
 * position is what the target has executed.
 *
 * <p>One run is one connection to the source. Whatever ends it ends all its threads and sessions; the next run begins
 * with the target's set, so nothing of the last one has to be remembered. This room decides nothing about mastership:
 * it asks {@link io.regent.replicator.order.Admission}, and tells it what the source knows.
 */
@NullMarked
package io.regent.replicator.link;

import org.jspecify.annotations.NullMarked;
