/**
 * Waits until transactions are durable in other regions, for applications and operators that want to know before they go
 * on.
 *
 * <p>It asks each region's own MySQL and believes no report about it; it changes nothing anywhere.
 */
@NullMarked
package io.regent.coordinator.wait;

import org.jspecify.annotations.NullMarked;
