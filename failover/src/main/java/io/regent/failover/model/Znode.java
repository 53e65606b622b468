package io.regent.failover.model;

/**
 * A znode's content and its version, read together.
 *
 * @param value what it holds
 * @param version ZooKeeper's data version, for compare-and-set
 */
public record Znode<T>(T value, int version) {}
