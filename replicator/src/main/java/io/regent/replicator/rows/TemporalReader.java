package io.regent.replicator.rows;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Dates and times as MySQL prints them, impossible ones included (MySQL source, {@code my_time.cc}, "packed" and
 * "binary" forms).
 */
final class TemporalReader {
    private static final int MICRO_BITS = 24;
    private static final long DATETIME_OFFSET = 0x80_0000_0000L;
    private static final int TIME_OFFSET = 0x80_0000;

    private TemporalReader() {}

    /** Bytes of a fraction of so many digits. */
    static int fractionBytes(int digits) {
        return (digits + 1) / 2;
    }

    static String date(ByteBuffer value) {
        int bits = (int) ValueReader.unsignedLittle(value);
        return date(bits >> 9, (bits >> 5) & 15, bits & 31);
    }

    /** DATETIME: 5 bytes, then the fraction. */
    static String dateTime(ByteBuffer value, int digits) {
        long whole = big(value, 5) - DATETIME_OFFSET;
        return dateTimeOfFields(whole) + fraction(micros(value, digits), digits);
    }

    /** TIMESTAMP: seconds since 1970 in 4 bytes, then the fraction; in UTC. 0 is not a time. */
    static String timestamp(ByteBuffer value, int digits) {
        long seconds = big(value, 4);
        long micros = micros(value, digits);
        if (seconds == 0) {
            return "0000-00-00 00:00:00" + fraction(micros, digits);
        }
        LocalDateTime utc = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
        return date(utc.getYear(), utc.getMonthValue(), utc.getDayOfMonth()) + " "
                + clock(utc.getHour(), utc.getMinute(), utc.getSecond()) + fraction(micros, digits);
    }

    /** TIME: 3 bytes, then the fraction; a negative one is a complement over both. */
    static String time(ByteBuffer value, int digits) {
        int bytes = fractionBytes(digits);
        long whole = big(value, 3) - TIME_OFFSET;
        long part = big(value, bytes);
        if (whole < 0 && part > 0) {
            whole++;
            part -= 1L << (8 * bytes);
        }
        long micros = Math.abs(part) * unit(digits);
        boolean negative = whole < 0 || part < 0;
        return (negative ? "-" : "") + clockOfFields(Math.abs(whole)) + fraction(micros, digits);
    }

    /** A DATE inside JSON. */
    static String packedDate(long packed) {
        return packedDateTime(packed).substring(0, "0000-00-00".length());
    }

    /** A DATETIME inside JSON, six digits of fraction. */
    static String packedDateTime(long packed) {
        return dateTimeOfFields(packed >> MICRO_BITS) + fraction(packed & 0xffffff, 6);
    }

    /** A TIME inside JSON, six digits of fraction. */
    static String packedTime(long packed) {
        long value = Math.abs(packed);
        return (packed < 0 ? "-" : "") + clockOfFields(value >> MICRO_BITS) + fraction(value & 0xffffff, 6);
    }

    private static String dateTimeOfFields(long fields) {
        int month = (int) (fields >> 22);
        return date(month / 13, month % 13, (int) (fields >> 17) & 31) + " "
                + clock((int) (fields >> 12) & 31, (int) (fields >> 6) & 63, (int) fields & 63);
    }

    private static String clockOfFields(long fields) {
        return clock((int) (fields >> 12) & 1023, (int) (fields >> 6) & 63, (int) fields & 63);
    }

    private static String date(int year, int month, int day) {
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
    }

    private static String clock(int hours, int minutes, int seconds) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", hours, minutes, seconds);
    }

    private static String fraction(long micros, int digits) {
        return digits == 0
                ? ""
                : "." + String.format(Locale.ROOT, "%06d", micros).substring(0, digits);
    }

    private static long micros(ByteBuffer value, int digits) {
        return big(value, fractionBytes(digits)) * unit(digits);
    }

    /** Microseconds of the last place that the bytes of a fraction count in. */
    private static int unit(int digits) {
        return switch (fractionBytes(digits)) {
            case 1 -> 10_000;
            case 2 -> 100;
            default -> 1;
        };
    }

    private static long big(ByteBuffer value, int bytes) {
        long all = 0;
        for (int i = 0; i < bytes; i++) {
            all = (all << 8) | (value.get() & 0xff);
        }
        return all;
    }
}
