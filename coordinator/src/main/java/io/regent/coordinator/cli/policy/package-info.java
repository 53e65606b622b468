/**
 * The commands {@code pause}, {@code resume}, {@code maintenance} and {@code policy}: what operators want of the automation.
 *
 * <p>They move no mastership and touch no server.
 */
@NullMarked
package io.regent.coordinator.cli.policy;

import org.jspecify.annotations.NullMarked;
