package io.regent.sql.init;

import io.regent.sql.session.Account;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code init} is to make of a server.
 *
 * @param accounts the account of every role; roles may share a user, then with one password
 * @param autoIncrementIncrement number of region slots: how many regions can write without handing out the same id
 * @param autoIncrementOffset this region's own slot, from 1
 * @param otherServerIds {@code server_id} of the other servers of the cluster, as far as known
 */
public record InitSettings(
        Map<AccountRole, Account> accounts,
        int autoIncrementIncrement,
        int autoIncrementOffset,
        Set<Long> otherServerIds) {
    private static final int LARGEST_INCREMENT = 65535;

    /** Rejects a missing role, a user with two passwords and slots that MySQL does not take. */
    public InitSettings {
        accounts = Map.copyOf(accounts);
        otherServerIds = Set.copyOf(otherServerIds);
        Map<String, String> passwords = new HashMap<>();
        for (AccountRole role : AccountRole.values()) {
            Account account = accounts.get(role);
            if (account == null) {
                throw new IllegalArgumentException("no account for " + role);
            }
            String other = passwords.putIfAbsent(account.user(), account.password());
            if (other != null && !other.equals(account.password())) {
                throw new IllegalArgumentException("two passwords for user " + account.user());
            }
        }
        if (autoIncrementIncrement < 1 || autoIncrementIncrement > LARGEST_INCREMENT) {
            throw new IllegalArgumentException("auto-increment slots: 1 to 65535, not " + autoIncrementIncrement);
        }
        if (autoIncrementOffset < 1 || autoIncrementOffset > autoIncrementIncrement) {
            throw new IllegalArgumentException(
                    "own auto-increment slot: 1 to " + autoIncrementIncrement + ", not " + autoIncrementOffset);
        }
    }

    /** The user names of all roles. */
    Set<String> users() {
        return accounts.values().stream().map(Account::user).collect(Collectors.toSet());
    }

    /** The account of a role. */
    public Account account(AccountRole role) {
        Account account = accounts.get(role);
        if (account == null) {
            throw new IllegalStateException("no account for " + role);
        }
        return account;
    }
}
