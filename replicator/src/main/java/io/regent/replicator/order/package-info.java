/**
 * What may run now: causal waits, the source's logical clock, the commit window.
 *
 * <p>It is pure but for the waiting itself; it sees no SQL.
 */
@NullMarked
package io.regent.replicator.order;

import org.jspecify.annotations.NullMarked;
