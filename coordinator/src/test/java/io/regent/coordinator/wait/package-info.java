/** Fakes: a cluster as ZooKeeper shows it, and servers that answer what a test says. */
@org.jspecify.annotations.NullMarked
package io.regent.coordinator.wait;
