package io.regent.failover.diagnosis;

/**
 * Something that was said.
 *
 * @param <T> what it is about
 * @param what is said
 * @param evidence what it rests on
 */
public record Said<T>(T what, Evidence evidence) {}
