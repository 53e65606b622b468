/**
 * Drills for users' own tests: a JUnit 5 extension that brings up a cluster and hands it to the test.
 *
 * <p>It needs JUnit on the class path, which the rest of this module does not.
 */
@NullMarked
package io.regent.docker.junit;

import org.jspecify.annotations.NullMarked;
