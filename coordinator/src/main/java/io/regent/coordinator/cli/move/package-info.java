/**
 * What commands about a move ask of MySQL servers. It only reads.
 */
@NullMarked
package io.regent.coordinator.cli.move;

import org.jspecify.annotations.NullMarked;
