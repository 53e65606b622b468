/**
 * Which stranded transactions may be written anew without harm: what shares keys, and what history did to those keys.
 *
 * <p>Pure. It neither knows where keys come from nor releases anything.
 *
 * <p>Why it is safe. A row means what it meant only as long as every row that it names is the one that it named. A
 * transaction names rows by keys: <em>own</em> keys, of the rows that it changed, before and after; <em>refs</em>, the
 * parents of those rows. What was written upon a row that another stranded transaction made, or unmade, shares a key
 * with that one; so everything that shares keys, over however many others, stands or falls together, whatever region it
 * was found in. What the component as a whole takes for granted stands in history before its base; history since then
 * is compared key by key: it must have written none of its rows and none of its parents, nor have come to refer to any
 * of its rows.
 */
@NullMarked
package io.regent.replicator.stranded.certify;

import org.jspecify.annotations.NullMarked;
