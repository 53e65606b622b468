/**
 * Decisions about mastership, as pure functions of what was seen.
 *
 * <p>Nothing here has a thread, a clock, a socket or a random number of its own.
 */
@NullMarked
package io.regent.failover;

import org.jspecify.annotations.NullMarked;
