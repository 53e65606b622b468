/**
 * Moments, and the lease arithmetic that refuses unsafe timings.
 *
 * <p>It reads no clock.
 */
@NullMarked
package io.regent.failover.timing;

import org.jspecify.annotations.NullMarked;
