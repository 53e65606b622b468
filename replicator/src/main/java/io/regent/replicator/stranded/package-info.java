/**
 * Transactions of a former master outside history: read, kept, undone, settled.
 *
 * <p>It decides neither what is stranded nor what becomes of it.
 */
@NullMarked
package io.regent.replicator.stranded;

import org.jspecify.annotations.NullMarked;
