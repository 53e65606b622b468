package io.regent.failover.view;

/**
 * One coordinator's lease row in the own MySQL, as far as others need it.
 *
 * @param coordinator whose row it is
 * @param live whether its granted nonce was asked since this start of mysqld and still lasts on the server's clock
 */
public record LeaseRow(String coordinator, boolean live) {}
