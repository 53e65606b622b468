package io.regent.coordinator.config;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The accounts of the file: one for every role. No message holds a password. */
final class AccountsReader {
    private static final int LONGEST_USER = 32;

    private AccountsReader() {}

    /** The accounts that are well described; what is wrong with the others was reported. */
    static Map<AccountRole, Account> read(Section section) {
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        Map<String, AccountRole> users = new HashMap<>();
        for (AccountRole role : AccountRole.values()) {
            String key = role.name().toLowerCase(Locale.ROOT);
            section.requiredSection(key).flatMap(one -> account(one, role)).ifPresent(account -> {
                accounts.put(role, account);
                AccountRole other = users.putIfAbsent(account.user(), role);
                if (other != null && !account.equals(accounts.get(other))) {
                    String first = other.name().toLowerCase(Locale.ROOT);
                    String message = "user " + account.user() + " has another password under " + first;
                    section.problem(key, message, "roles may share a user, then with one password");
                }
            });
        }
        section.finish();
        return accounts;
    }

    private static Optional<Account> account(Section section, AccountRole role) {
        String user = section.text("user").orElse(role.defaultUser());
        Optional<String> password = section.requiredText("password");
        section.finish();
        if (user.isEmpty() || user.length() > LONGEST_USER) {
            section.problem("user", "a MySQL user name has 1 to 32 characters", "");
            return Optional.empty();
        }
        if (password.filter(String::isEmpty).isPresent()) {
            section.problem("password", "must not be empty", "");
            return Optional.empty();
        }
        return password.map(secret -> new Account(user, secret));
    }
}
