/**
 * The daemon of a cluster and its command line: where the other modules are put together.
 *
 * <p>Nothing of their work is done here, and none of them depends on it.
 */
@NullMarked
package io.regent.coordinator;

import org.jspecify.annotations.NullMarked;
