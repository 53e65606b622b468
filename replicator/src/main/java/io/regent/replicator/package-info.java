/**
 * A link: the stream of one source region applied to one target region.
 *
 * <p>It knows nothing of mastership beyond the question whether a GTID is deliverable.
 */
@NullMarked
package io.regent.replicator;

import org.jspecify.annotations.NullMarked;
