/**
 * Raw events assembled into transactions, and the few headers that must be read.
 *
 * <p>It decodes no row and opens no connection.
 */
@NullMarked
package io.regent.replicator.transaction;

import org.jspecify.annotations.NullMarked;
