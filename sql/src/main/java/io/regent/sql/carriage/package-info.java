/**
 * What of a server's settings and contents cannot be carried to another region, or only at a cost: facts read by one
 * query, and pure rules over them, each with its remedy.
 *
 * <p>It changes nothing. Whether init refuses for it, or a move, is said by those who ask.
 */
@NullMarked
package io.regent.sql.carriage;

import org.jspecify.annotations.NullMarked;
