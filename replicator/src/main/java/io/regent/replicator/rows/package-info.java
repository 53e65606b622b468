/**
 * Row images and table descriptions decoded where a decision needs a value.
 *
 * <p>Apply does not pass through it.
 */
@NullMarked
package io.regent.replicator.rows;

import org.jspecify.annotations.NullMarked;
