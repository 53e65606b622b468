package io.regent.sql.preflight;

import io.regent.sql.preflight.Concern.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Whether whoever logs in at the master can do so at the target, and may do the same there. Pure. */
final class AccountRules {
    private final Accounts master;
    private final Accounts target;
    private final List<Concern> concerns = new ArrayList<>();
    private final List<AccountSight> salted = new ArrayList<>();

    private AccountRules(Accounts master, Accounts target) {
        this.master = master;
        this.target = target;
    }

    static List<Concern> compare(Accounts master, Accounts target) {
        return new AccountRules(master, target).run();
    }

    private List<Concern> run() {
        master.accounts().forEach((name, account) -> {
            AccountSight there = target.accounts().get(name);
            if (there == null) {
                missing(account);
            } else {
                login(account, there);
                grants(account, there);
            }
        });
        if (!salted.isEmpty()) {
            List<String> names = salted.stream().map(AccountSight::name).toList();
            concerns.add(Concern.warning("passwords cannot be compared, for the hashes have other salts: "
                            + String.join(", ", names))
                    .with(
                            target.region(),
                            salted.stream().map(AccountRules::alter).toList()));
        }
        List<String> more = target.accounts().keySet().stream()
                .filter(name -> !master.accounts().containsKey(name))
                .toList();
        if (!more.isEmpty()) {
            concerns.add(Concern.note("only " + target.region() + " has the accounts " + String.join(", ", more)));
        }
        return concerns;
    }

    private void missing(AccountSight account) {
        List<String> statements = new ArrayList<>(List.of(account.statement()));
        statements.addAll(Grant.statements(account.grants(), account.name()));
        add(
                account,
                target.region() + " lacks the account " + account.name(),
                account.name() + " cannot log in at " + target.region(),
                statements);
    }

    private void login(AccountSight account, AccountSight there) {
        if (!account.definition().equals(there.definition())) {
            add(
                    account,
                    account.name() + " is defined otherwise at " + target.region() + " (" + difference(account, there)
                            + ")",
                    account.name() + " may not be able to log in at " + target.region(),
                    List.of(alter(account)));
        } else if (account.secret().equals(there.secret())) {
            return;
        } else if (account.isSalted()
                && !account.secret().isEmpty()
                && !there.secret().isEmpty()) {
            salted.add(account);
        } else {
            add(
                    account,
                    account.name() + " has another password at " + target.region(),
                    account.name() + " cannot log in at " + target.region() + " by the same password",
                    List.of(alter(account)));
        }
    }

    private static String difference(AccountSight account, AccountSight there) {
        if (account.locked() != there.locked()) {
            return there.locked() ? "locked there" : "not locked there";
        }
        return account.plugin().equals(there.plugin())
                ? "its options"
                : there.plugin() + " there, not " + account.plugin();
    }

    private void grants(AccountSight account, AccountSight there) {
        TreeSet<Grant> lacking = new TreeSet<>(account.grants());
        lacking.removeAll(there.grants());
        if (!lacking.isEmpty()) {
            List<String> words = lacking.stream().map(Grant::toString).toList();
            add(
                    account,
                    account.name() + " lacks rights at " + target.region() + ": " + String.join(", ", words),
                    account.name() + " may not do there what it does here",
                    Grant.statements(lacking, account.name()));
        }
        TreeSet<Grant> more = new TreeSet<>(there.grants());
        more.removeAll(account.grants());
        if (!more.isEmpty()) {
            concerns.add(Concern.note(
                    account.name() + " has more rights at " + target.region() + " than at " + master.region()));
        }
    }

    /** An administrator's, or a locked one's, is no application's. */
    private void add(AccountSight account, String text, String risk, List<String> statements) {
        Level level = account.locked() || account.writesPastReadOnly() ? Level.WARNING : Level.ERROR;
        concerns.add(new Concern(level, text, level == Level.ERROR ? risk : "", target.region(), statements));
    }

    private static String alter(AccountSight account) {
        return account.statement().replaceFirst("^CREATE USER", "ALTER USER");
    }
}
