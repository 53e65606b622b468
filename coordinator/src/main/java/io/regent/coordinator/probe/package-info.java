/**
 * What a coordinator sees of its own MySQL: alive with its state, out of reach, or proven dead; and whether those of the other
 * regions answer.
 *
 * <p>It only looks. It hands out the fence, whose open session it looks through.
 */
@NullMarked
package io.regent.coordinator.probe;

import org.jspecify.annotations.NullMarked;
