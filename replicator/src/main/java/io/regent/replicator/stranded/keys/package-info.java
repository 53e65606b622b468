/**
 * The keys of row changes, in a form in which whatever a server takes for equal is equal.
 *
 * <p>It judges nothing. Where it cannot tell two values apart for certain it takes them for equal: too equal means held,
 * too different would mean a row on a stranger's parent.
 */
@NullMarked
package io.regent.replicator.stranded.keys;

import org.jspecify.annotations.NullMarked;
