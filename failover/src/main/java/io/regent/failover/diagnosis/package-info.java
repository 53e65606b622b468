/**
 * Names for what is wrong with a cluster, from what all regions see of each other.
 *
 * <p>It decides nothing: who takes over when stands in {@code decide}, which never sees an {@link
 * io.regent.failover.diagnosis.Observation}.
 */
@NullMarked
package io.regent.failover.diagnosis;

import org.jspecify.annotations.NullMarked;
