package io.regent.replicator.stranded.certify;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a transaction touched.
 *
 * @param gtid its identity
 * @param own keys of the rows that it changed, before and after
 * @param refs keys of those rows' parents
 * @param tables tables of its rows and of their parents
 * @param unseen tables of which it may have changed rows that nobody can name (a cascade that is not in the binlog)
 * @param base what its server had executed before it; empty if that is not known
 * @param verdict number of the verdict that made it void; 0 for history
 * @param unknown why it may have touched anything; none if all that it touched is here
 * @param doubt why it can't be released whatever others did; none if it can
 */
public record Footprint(
        Gtid gtid,
        Set<Key> own,
        Set<Key> refs,
        Set<String> tables,
        Set<String> unseen,
        GtidSet base,
        long verdict,
        Optional<String> unknown,
        Optional<String> doubt) {

    public Footprint {
        own = Set.copyOf(own);
        refs = Set.copyOf(refs);
        tables = Set.copyOf(tables);
        unseen = Set.copyOf(unseen);
    }

    /** Keys and tables of something that is whole and without doubt. */
    public static Footprint of(Gtid gtid, GtidSet base, Set<Key> own, Set<Key> refs) {
        Set<String> tables = new HashSet<>();
        own.forEach(key -> tables.add(key.place().table()));
        refs.forEach(key -> tables.add(key.place().table()));
        return new Footprint(gtid, own, refs, tables, Set.of(), base, 0, Optional.empty(), Optional.empty());
    }

    /** The same with a reason against its release, unless it has one. */
    public Footprint doubted(Optional<String> reason) {
        return new Footprint(gtid, own, refs, tables, unseen, base, verdict, unknown, doubt.or(() -> reason));
    }

    /** The same, made void by that verdict. */
    public Footprint voidBy(long number) {
        return new Footprint(gtid, own, refs, tables, unseen, base, number, unknown, doubt);
    }

    /** What stands against one with unseen changes of that table. */
    public static String carriedOn(String table) {
        return "may change rows of " + table + " by a foreign key, and nobody compared them";
    }

    /** Own keys and refs. */
    Set<Key> keys() {
        Set<Key> all = new HashSet<>(own);
        all.addAll(refs);
        return all;
    }
}
