package io.regent.sql.init;

/**
 * One thing that is not as it must be and that {@code init} cannot or must not change.
 *
 * @param subject what it is about
 * @param found how it is
 * @param remedy what the operator does about it
 */
public record InitProblem(String subject, String found, String remedy) {}
