/**
 * Rows of a server compared with the images of stranded transactions, under locks.
 *
 * <p>It changes no row and ends no transaction.
 */
@NullMarked
package io.regent.replicator.stranded.image;

import org.jspecify.annotations.NullMarked;
