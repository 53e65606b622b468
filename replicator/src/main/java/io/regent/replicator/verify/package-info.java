/**
 * Regions compared, row by row.
 *
 * <p>It changes nothing.
 */
@NullMarked
package io.regent.replicator.verify;

import org.jspecify.annotations.NullMarked;
