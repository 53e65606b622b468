/**
 * What one coordinator sees and remembers when it decides.
 *
 * <p>It decides nothing.
 */
@NullMarked
package io.regent.failover.view;

import org.jspecify.annotations.NullMarked;
