/**
 * What a dead server left in its binlog files, read on its own host without the server.
 *
 * <p>It never writes to those files, and never judges whether the server is dead.
 */
@NullMarked
package io.regent.replicator.salvage;

import org.jspecify.annotations.NullMarked;
