/**
 * What of two servers stands against moving the mastership from one to the other.
 *
 * <p>It reads and compares; it changes nothing, and whether a move is refused for what it finds is its caller's to say.
 */
@NullMarked
package io.regent.sql.preflight;

import org.jspecify.annotations.NullMarked;
