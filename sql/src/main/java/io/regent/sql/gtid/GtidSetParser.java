package io.regent.sql.gtid;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of one GTID set; MySQL's {@code Gtid_set::add_gtid_text} is the model of what is accepted. */
final class GtidSetParser {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final int MAX_TAG_LENGTH = 32;

    private final String text;
    private final GtidTracker tracker = new GtidTracker();
    private int at;

    GtidSetParser(String text) {
        this.text = text;
    }

    GtidSet parse() {
        skipBlanks();
        while (at < text.length()) {
            if (!taken(',')) {
                piece();
                if (at < text.length() && text.charAt(at) != ',') {
                    throw wrong("expected ',' or ':'");
                }
            }
        }
        return tracker.toSet();
    }

    /** One uuid with its tags and intervals. */
    private void piece() {
        Tsid tsid = Tsid.of(UUID.fromString(token(UUID_TEXT, "a uuid")));
        while (taken(':')) {
            if (at < text.length() && isTagStart(text.charAt(at))) {
                tsid = new Tsid(tsid.uuid(), tag());
            } else {
                interval(tsid);
            }
        }
    }

    private String tag() {
        int start = at;
        String tag = token(TAG, "a tag");
        if (tag.length() > MAX_TAG_LENGTH) {
            at = start;
            throw wrong("a tag has at most " + MAX_TAG_LENGTH + " characters");
        }
        return tag.toLowerCase(Locale.ROOT);
    }

    private void interval(Tsid tsid) {
        long first = number(1);
        long last = taken('-') ? number(0) : first;
        if (first <= last) {
            tracker.addAll(tsid, new long[] {first, last});
        }
    }

    private long number(long min) {
        int start = at;
        String digits = token(NUMBER, "a number");
        try {
            long number = Long.parseLong(digits);
            if (number >= min && number <= Gtid.MAX_NUMBER) {
                return number;
            }
        } catch (NumberFormatException tooLong) {
            // More digits than a long holds: out of range like any other.
        }
        at = start;
        throw wrong("expected a number from 1 to " + Gtid.MAX_NUMBER);
    }

    private String token(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong("expected " + name);
        }
        at = matcher.end();
        skipBlanks();
        return matcher.group();
    }

    private boolean taken(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            skipBlanks();
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isTagStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private IllegalArgumentException wrong(String what) {
        String found =
                at < text.length() ? "'" + text.substring(at, Math.min(at + 20, text.length())) + "'" : "the end";
        return new IllegalArgumentException(what + " at offset " + at + " of a GTID set, found " + found);
    }
}
