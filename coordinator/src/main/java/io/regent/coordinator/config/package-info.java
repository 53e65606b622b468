/**
 * The YAML file that describes one cluster, read into immutable values or into the list of all that is wrong with it.
 *
 * <p>Nothing is connected or looked up here, and no password ever gets into a message.
 */
@NullMarked
package io.regent.coordinator.config;

import org.jspecify.annotations.NullMarked;
