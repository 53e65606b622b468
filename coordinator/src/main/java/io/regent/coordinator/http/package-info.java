/**
 * What a coordinator tells over HTTP: to load balancers in codes, to people and commands in JSON.
 *
 * <p>It decides nothing and asks nobody: every answer is made of one status that the daemon gives, but for
 * {@code /wait}, which it hands on.
 */
@NullMarked
package io.regent.coordinator.http;

import org.jspecify.annotations.NullMarked;
