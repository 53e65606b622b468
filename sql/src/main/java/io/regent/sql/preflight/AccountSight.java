package io.regent.sql.preflight;

import java.util.Set;
import java.util.SortedSet;

/**
 * An account as a server has it.
 *
 * @param name {@code 'user'@'host'}
 * @param user the name alone
 * @param plugin by what it is authenticated
 * @param secret its authentication string in hex, as it stands in the definition; empty without one
 * @param definition the statement that makes it, without the secret
 * @param locked whether nobody can log in
 * @param grants what it may, one right on one thing each
 */
record AccountSight(
        String name,
        String user,
        String plugin,
        String secret,
        String definition,
        boolean locked,
        SortedSet<Grant> grants) {

    /** Rights with which a session writes on a server that is {@code read_only}. */
    private static final Set<String> PAST_READ_ONLY = Set.of("SUPER", "CONNECTION_ADMIN", "ALL PRIVILEGES");

    /** Plugins that put another salt into each secret: two of the same password are not alike. */
    private static final Set<String> SALTED = Set.of("caching_sha2_password", "sha256_password");

    boolean writesPastReadOnly() {
        return grants.stream().anyMatch(grant -> grant.isGlobal() && PAST_READ_ONLY.contains(grant.right()));
    }

    boolean isSalted() {
        return SALTED.contains(plugin);
    }

    /** The statement that makes it, secret included. */
    String statement() {
        String secretClause = secret.isEmpty() ? "" : " AS " + secret;
        return definition.replace(AccountReader.SECRET_GOES_HERE, secretClause);
    }
}
