package io.regent.replicator.rows;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Java's charset of a MySQL collation, to read text with: {@code information_schema.COLLATIONS} of 8.0.33 and 9.7. */
final class Charsets {
    private static final Map<Integer, String> BY_COLLATION = new HashMap<>();

    static {
        put("Big5", 1, 84);
        put("ISO-8859-2", 2, 9, 21, 27, 77);
        put("IBM850", 4, 80);
        put("windows-1252", 5, 8, 15, 31, 47, 48, 49, 94);
        put("KOI8-R", 7, 74);
        put("US-ASCII", 11, 65);
        put("EUC-JP", 12, 91, 97, 98);
        put("windows-31j", 13, 88, 95, 96);
        put("ISO-8859-8", 16, 71);
        put("TIS-620", 18, 89);
        put("EUC-KR", 19, 85);
        put("ISO-8859-13", 20, 41, 42, 79);
        put("KOI8-U", 22, 75);
        put("GB2312", 24, 86);
        put("ISO-8859-7", 25, 70);
        put("windows-1250", 26, 34, 44, 66, 99);
        put("GBK", 28, 87);
        put("windows-1257", 29, 58, 59);
        put("ISO-8859-9", 30, 78);
        put("UTF-8", 33, 76, 83, 45, 46);
        put("UTF-16BE", 35, 90, 54, 55);
        put("IBM866", 36, 68);
        put("IBM852", 40, 81);
        put("windows-1251", 14, 23, 50, 51, 52);
        put("UTF-16LE", 56, 62);
        put("windows-1256", 57, 67);
        put("UTF-32BE", 60, 61);
        range("UTF-16BE", 101, 124);
        range("UTF-16BE", 128, 151);
        put("UTF-16BE", 159);
        range("UTF-32BE", 160, 183);
        range("UTF-8", 192, 215);
        range("UTF-8", 223, 247);
        range("GB18030", 248, 250);
        range("UTF-8", 255, 323);
    }

    private Charsets() {}

    private static void put(String charset, int... collations) {
        for (int collation : collations) {
            BY_COLLATION.put(collation, charset);
        }
    }

    private static void range(String charset, int first, int last) {
        for (int collation = first; collation <= last; collation++) {
            BY_COLLATION.put(collation, charset);
        }
    }

    /** Nothing for bytes, and for what Java does not know. */
    static Optional<Charset> of(int collation) {
        return Optional.ofNullable(BY_COLLATION.get(collation))
                .filter(Charset::isSupported)
                .map(Charset::forName);
    }
}
