package io.regent.sql.init;

import io.regent.sql.init.InitStep.Sql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Accounts and their rights: the steps from what is to what must be. Pure. */
final class AccountRules {
    private static final String GRANT_OPTION = "GRANT OPTION";

    private AccountRules() {}

    /** The rights of every user, united over the roles that share it, in granting order. */
    static Map<Account, Set<Privilege>> wanted(InitSettings settings, ServerVersion version) {
        Map<Account, Set<Privilege>> wanted = new LinkedHashMap<>();
        for (AccountRole role : AccountRole.values()) {
            wanted.computeIfAbsent(settings.account(role), account -> new LinkedHashSet<>())
                    .addAll(role.privileges(version));
        }
        return wanted;
    }

    /** The step that makes the account and its rights; empty if all is there. */
    static Optional<InitStep> step(Account account, Set<Privilege> wanted, AccountFacts facts) {
        String name = Quoting.account(account.user(), AccountFacts.HOST);
        List<String> found = new ArrayList<>();
        List<String> actions = new ArrayList<>();
        List<Sql> statements = new ArrayList<>();
        if (!facts.exists()) {
            found.add("absent");
            actions.add("created");
            statements.add(password("CREATE USER " + name, account));
        } else if (!facts.passwordWorks()) {
            found.add("another password");
            actions.add("given its password");
            statements.add(password("ALTER USER " + name, account));
        }
        if (facts.locked()) {
            found.add("locked");
            actions.add("unlocked");
            statements.add(Sql.of("ALTER USER " + name + " ACCOUNT UNLOCK"));
        }
        grants(name, missing(wanted, facts)).forEach((names, sql) -> {
            found.add("without " + names);
            actions.add("granted them");
            statements.add(sql);
        });
        return statements.isEmpty()
                ? Optional.empty()
                : Optional.of(new InitStep(
                        "account " + account.user(),
                        String.join("; ", found),
                        String.join(", ", new LinkedHashSet<>(actions)),
                        statements));
    }

    /** A note about rights beyond what is needed; they are left alone. */
    static Optional<String> surplus(Account account, Set<Privilege> wanted, AccountFacts facts) {
        Set<String> more = new TreeSet<>(facts.rights());
        wanted.forEach(privilege -> more.remove(key(privilege)));
        return more.isEmpty()
                ? Optional.empty()
                : Optional.of("account " + account.user() + " has more than Regent needs: " + String.join(", ", more));
    }

    private static List<Privilege> missing(Set<Privilege> wanted, AccountFacts facts) {
        return wanted.stream()
                .filter(privilege -> !facts.rights().contains(key(privilege)))
                .toList();
    }

    private static String key(Privilege privilege) {
        return (privilege.schema().isEmpty() ? "" : privilege.schema() + ".") + privilege.name();
    }

    private static Sql password(String begin, Account account) {
        String end = " PASSWORD EXPIRE NEVER";
        return new Sql(
                begin + " IDENTIFIED BY " + Quoting.escaped(account.password()) + end,
                begin + " IDENTIFIED BY '***'" + end);
    }

    /** One GRANT for each schema, by the names that it gives. */
    private static Map<String, Sql> grants(String grantee, List<Privilege> privileges) {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        privileges.forEach(privilege -> names.computeIfAbsent(privilege.schema(), schema -> new LinkedHashSet<>())
                .add(privilege.name()));
        Map<String, Sql> grants = new LinkedHashMap<>();
        names.forEach((schema, set) -> {
            // An underscore is a wildcard here; escaping it would be wrong under partial_revokes.
            String on = schema.isEmpty() ? "*.*" : Quoting.identifier(schema) + ".*";
            Set<String> plain = new LinkedHashSet<>(set);
            boolean grantable = plain.remove(GRANT_OPTION);
            String list = plain.isEmpty() ? "USAGE" : String.join(", ", plain);
            grants.put(
                    String.join(", ", set) + (schema.isEmpty() ? "" : " on " + schema),
                    Sql.of("GRANT " + list + " ON " + on + " TO " + grantee + (grantable ? " WITH GRANT OPTION" : "")));
        });
        return grants;
    }
}
