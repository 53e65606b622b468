package io.regent.docker.lab.load;

import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.load.ApplicationSession.Answer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * What users of the identity service do, chosen at random. It remembers the users it has signed up, by id <em>and</em>
 * birth mark: a user that a failover took away is not found again and is forgotten.
 */
final class IdentityOperations implements Operations {
    private static final int DOMAINS = 40;
    private static final int MOST_PEOPLE = 500;

    private final int client;
    private final Random random;
    private final List<Staged> staged = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();
    private int addresses;

    IdentityOperations(int client, Random random) {
        this.client = client;
        this.random = random;
    }

    private record Staged(String secret, String address) {}

    private record Person(long id, String birth, List<String> addresses) {}

    @Override
    public void next(Writer writer) throws SQLException {
        int dice = random.nextInt(100);
        if (dice < 25 || (staged.isEmpty() && people.isEmpty())) {
            stage(writer);
        } else if (dice < 45) {
            completeSignUp(writer);
        } else if (dice < 57 || people.isEmpty()) {
            touchIdp(writer);
        } else if (dice < 73) {
            resetPassword(writer);
        } else if (dice < 92) {
            countFailedLogin(writer);
        } else {
            removeEmail(writer);
        }
    }

    private void stage(Writer writer) throws SQLException {
        boolean again = !staged.isEmpty() && random.nextInt(4) == 0;
        String address = again ? staged.remove(random.nextInt(staged.size())).address() : newAddress();
        Staged one = new Staged(token(24), address);
        writer.write(
                Intent.to("stage"),
                "INSERT INTO identity.staged (secret, new_acct, email, passwd) VALUES (?, TRUE, ?, ?) AS new"
                        + " ON DUPLICATE KEY UPDATE secret = new.secret, passwd = new.passwd, ts = CURRENT_TIMESTAMP",
                one.secret,
                one.address,
                token(30));
        staged.add(one);
    }

    private void completeSignUp(Writer writer) throws SQLException {
        if (staged.isEmpty()) {
            stage(writer);
            return;
        }
        Staged one = staged.remove(random.nextInt(staged.size()));
        String birth = token(8);
        Answer user = writer.write(
                new Intent(IdentitySchema.SIGN_UP, "", birth),
                "INSERT INTO identity.user (passwd, lastPasswordReset, birth) VALUES (?, CURRENT_TIMESTAMP, ?)",
                token(30),
                birth);
        Person person = new Person(user.id(), birth, new ArrayList<>());
        remember(person);
        writer.write(Intent.to("sign-up: old e-mail"), "DELETE FROM identity.email WHERE address = ?", one.address);
        addEmail(writer, person, one.address, "primary");
        if (random.nextInt(3) == 0) {
            addEmail(writer, person, newAddress(), "secondary");
        }
        writer.write(Intent.to("sign-up: staged"), "DELETE FROM identity.staged WHERE secret = ?", one.secret);
    }

    /** The mark is read from the user's row as it is now, so the e-mail is never written for somebody else. */
    private static void addEmail(Writer writer, Person person, String address, String type) throws SQLException {
        Answer answer = writer.write(
                Intent.to("sign-up: e-mail"),
                "INSERT INTO identity.email (user, address, type, verified, birth)"
                        + " SELECT id, ?, ?, ?, birth FROM identity.user WHERE id = ? AND birth = ?",
                address,
                type,
                type.equals("primary"),
                person.id,
                person.birth);
        if (answer.rows() > 0) {
            person.addresses.add(address);
        }
    }

    private void resetPassword(Writer writer) throws SQLException {
        Person person = someone();
        Answer answer = writer.write(
                Intent.to("reset: password"),
                "UPDATE identity.user SET passwd = ?, lastPasswordReset = CURRENT_TIMESTAMP, failedAuthTries = 0"
                        + " WHERE id = ? AND birth = ?",
                token(30),
                person.id,
                person.birth);
        if (answer.rows() == 0) {
            people.remove(person);
            return;
        }
        writer.write(
                Intent.to("reset: e-mails"),
                "UPDATE identity.email SET verified = TRUE WHERE user = ? AND birth = ?",
                person.id,
                person.birth);
    }

    private void countFailedLogin(Writer writer) throws SQLException {
        Person person = someone();
        Answer answer = writer.write(
                Intent.to("failed login"),
                "UPDATE identity.user SET failedAuthTries = failedAuthTries + 1 WHERE id = ? AND birth = ?",
                person.id,
                person.birth);
        if (answer.rows() == 0) {
            people.remove(person);
        }
    }

    private void touchIdp(Writer writer) throws SQLException {
        writer.write(
                Intent.to("touch idp"),
                "INSERT INTO identity.idp (domain, lastSeen) VALUES (?, CURRENT_TIMESTAMP) AS new"
                        + " ON DUPLICATE KEY UPDATE lastSeen = new.lastSeen",
                "idp" + random.nextInt(DOMAINS) + ".example");
    }

    private void removeEmail(Writer writer) throws SQLException {
        Person person = someone();
        if (person.addresses.isEmpty()) {
            countFailedLogin(writer);
            return;
        }
        String address = person.addresses.get(random.nextInt(person.addresses.size()));
        writer.write(
                Intent.to("remove e-mail"),
                "DELETE FROM identity.email WHERE address = ? AND birth = ?",
                address,
                person.birth);
        person.addresses.remove(address);
    }

    private void remember(Person person) {
        if (people.size() >= MOST_PEOPLE) {
            people.remove(random.nextInt(people.size()));
        }
        people.add(person);
    }

    private Person someone() {
        return people.get(random.nextInt(people.size()));
    }

    private String newAddress() {
        addresses++;
        return "c" + client + "-" + addresses + "@example.org";
    }

    private String token(int bytes) {
        byte[] token = new byte[bytes];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }
}
