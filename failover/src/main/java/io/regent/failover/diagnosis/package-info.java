/**
 * Names for what is wrong with a cluster, from what all regions see of each other.
 *
 * <p>It decides nothing: who takes over when stands in {@code decide}, and needs no name for it.
 */
@NullMarked
package io.regent.failover.diagnosis;

import org.jspecify.annotations.NullMarked;
