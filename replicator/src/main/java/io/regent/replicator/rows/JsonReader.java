package io.regent.replicator.rows;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MySQL's binary JSON as the text that MySQL prints (MySQL source, {@code json_binary.h}, {@code Json_wrapper}), but for
 * numbers with a fraction or an exponent, which stand in one form: {@link #canonical}.
 */
public final class JsonReader {
    private static final int SAFE_DIGITS = 15;
    private static final int LONGEST_DOUBLE = 17;
    /** MySQL's base64 has lines. */
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, new byte[] {'\n'});

    private static final Pattern STRING_OR_FRACTION =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    private final ByteBuffer in;
    private final StringBuilder out = new StringBuilder();

    private JsonReader(ByteBuffer in) {
        this.in = in;
    }

    /** The text of a stored value. */
    static String text(ByteBuffer value) {
        if (!value.hasRemaining()) {
            return "null"; // what INSERT IGNORE leaves in a column that is NOT NULL
        }
        JsonReader reader = new JsonReader(value.slice().order(ByteOrder.LITTLE_ENDIAN));
        reader.value(reader.in.get(0) & 0xff, 1);
        return reader.out.toString();
    }

    /** Text that MySQL printed, with every number that has a fraction or an exponent in the form used here. */
    public static String canonical(String printed) {
        Matcher matcher = STRING_OR_FRACTION.matcher(printed);
        StringBuilder all = new StringBuilder();
        while (matcher.find()) {
            String token = matcher.group();
            boolean asItIs = token.startsWith("\"") || token.chars().allMatch(c -> c == '-' || Character.isDigit(c));
            matcher.appendReplacement(all, Matcher.quoteReplacement(asItIs ? token : number(token)));
        }
        return matcher.appendTail(all).toString();
    }

    private static String number(String digits) {
        BigDecimal value = new BigDecimal(digits).abs().stripTrailingZeros();
        boolean whole = value.scale() <= 0 && value.precision() - value.scale() <= LONGEST_DOUBLE;
        return (digits.startsWith("-") ? "-" : "") + (whole ? value.toPlainString() + ".0" : value.toString());
    }

    private void value(int type, int at) {
        switch (type) {
            case 0, 1 -> container(at, type == 1, true);
            case 2, 3 -> container(at, type == 3, false);
            case 4 -> out.append(literal(in.get(at)));
            case 5 -> out.append(in.getShort(at));
            case 6 -> out.append(in.getShort(at) & 0xffff);
            case 7 -> out.append(in.getInt(at));
            case 8 -> out.append(in.getInt(at) & 0xffffffffL);
            case 9 -> out.append(in.getLong(at));
            case 10 -> out.append(Long.toUnsignedString(in.getLong(at)));
            case 11 -> out.append(shortest(in.getDouble(at)));
            case 12 -> quote(string(at));
            case 15 -> opaque(at);
            default -> throw new IllegalArgumentException("JSON type " + type);
        }
    }

    private static String literal(byte code) {
        return switch (code) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "false";
            default -> throw new IllegalArgumentException("JSON literal " + code);
        };
    }

    /**
     * The fewest digits that tell the number from its neighbours: what MySQL prints. Up to 15 digits always survive the
     * way through a double, so that fewer than 15 show as zeros behind; only subnormal ones must be tried from one on.
     */
    private static String shortest(double number) {
        BigDecimal all = new BigDecimal(number);
        BigDecimal found = all;
        int first = Math.abs(number) < Double.MIN_NORMAL ? 1 : SAFE_DIGITS;
        for (int digits = first; digits <= LONGEST_DOUBLE; digits++) {
            found = all.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (found.doubleValue() == number) {
                break;
            }
        }
        boolean negativeZero = Double.doubleToRawLongBits(number) == Long.MIN_VALUE;
        return number((negativeZero ? "-" : "") + found);
    }

    /** Count, size, then key entries (objects only) and value entries; small ones count in 2 bytes, large ones in 4. */
    private void container(int at, boolean large, boolean object) {
        int width = large ? 4 : 2;
        int count = number(at, width);
        int entry = at + 2 * width;
        int values = entry + (object ? count * (width + 2) : 0);
        out.append(object ? '{' : '[');
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ");
            if (object) {
                int key = entry + i * (width + 2);
                quote(utf8(at + number(key, width), in.getShort(key + width) & 0xffff));
                out.append(": ");
            }
            element(at, values + i * (width + 1), width);
        }
        out.append(object ? '}' : ']');
    }

    /** A value entry holds small values itself, and where the others are. */
    private void element(int container, int entry, int width) {
        int type = in.get(entry) & 0xff;
        boolean inlined = (type >= 4 && type <= 6) || (width == 4 && (type == 7 || type == 8));
        value(type, inlined ? entry + 1 : container + number(entry + 1, width));
    }

    private int number(int at, int width) {
        return width == 2 ? in.getShort(at) & 0xffff : in.getInt(at);
    }

    private String string(int at) {
        int[] length = variableLength(at);
        return utf8(length[1], length[0]);
    }

    /** The length in 7 bits a byte, and where what it counts begins. */
    private int[] variableLength(int at) {
        int length = 0;
        int next = at;
        int shift = 0;
        byte part;
        do {
            part = in.get(next++);
            length |= (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        return new int[] {length, next};
    }

    private String utf8(int at, int length) {
        return StandardCharsets.UTF_8.decode(in.slice(at, length)).toString();
    }

    private void opaque(int at) {
        int type = in.get(at) & 0xff;
        int[] length = variableLength(at + 1);
        ByteBuffer data = in.slice(length[1], length[0]).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case 246 -> {
                String digits = ValueReader.decimal(data.slice(2, data.limit() - 2), data.get(0), data.get(1));
                out.append(digits.contains(".") ? number(digits) : digits);
            }
            case 10 -> quote(TemporalReader.packedDate(data.getLong(0)));
            case 7, 12 -> quote(TemporalReader.packedDateTime(data.getLong(0)));
            case 11 -> quote(TemporalReader.packedTime(data.getLong(0)));
            default -> {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                quote("base64:type" + type + ":" + BASE64.encodeToString(bytes));
            }
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> out.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
