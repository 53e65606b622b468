/**
 * Stranded transactions undone where they are: equal GTID sets mean equal data again.
 *
 * <p>It overwrites nothing that is not exactly as the stranded transaction left it.
 */
@NullMarked
package io.regent.replicator.stranded.rewind;

import org.jspecify.annotations.NullMarked;
