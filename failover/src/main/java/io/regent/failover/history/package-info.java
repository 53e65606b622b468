/**
 * What belongs to history: cuts, what a link may commit, who diverged, what was lost.
 *
 * <p>It names no action.
 */
@NullMarked
package io.regent.failover.history;

import org.jspecify.annotations.NullMarked;
