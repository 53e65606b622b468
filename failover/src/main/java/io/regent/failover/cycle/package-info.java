/**
 * What a coordinator does with the rules: when it looks, what it makes of an action's outcome, when it goes on and when it
 * rests. The daemon and the simulation are driven by the same code.
 *
 * <p>It looks at nothing and performs nothing: whoever drives it does, and says what came of it.
 */
@NullMarked
package io.regent.failover.cycle;

import org.jspecify.annotations.NullMarked;
