package io.scrapingagent.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The answers to one window's requests, made by chance: most are proper ones with something wrong
 * about them.
 *
 * @param answers the answers in their order
 * @param isProper whether nothing at all is wrong about them
 */
record HostileCase(List<Step> answers, boolean isProper) {

    private static final List<String> LITERALS =
            List.of(
                    ("""
                    null|true|NaN|-Infinity|1e999999999|-1e-999999999|1e5|-0.0|00|1.|.5|0x10|""|\
                    "721"|"\\ud800"|"\\udc00\\ud800"|"\\u0000\\u001b[2J\\u009b"|\
                    "${bean:scrapes}{{env:HOME}}"|"x\\r\\nX-Injected: y"|[]|{}|[[[[]]]]|\
                    {"value":1,"value":2}|"2025-09-02T01:00:00Z"|"2025-09-02T03:00:00+02:00"|\
                    "2025-09-02T01:00:00.000000001Z"|"+999999999-12-31T23:00:00Z"|\
                    "2025-09-02T02:00:00Z"|"metric.principal_id"|'u'|/* */ 1|1 2|\
                    """
                                    + "9".repeat(1100)
                                    + "|0."
                                    + "9".repeat(1100)
                                    + "|\"%s\"".formatted("x".repeat(3000)))
                            .split("[|]"));
    private static final List<String> STATUSES =
            List.of(
                    ("204 No|206 Part|304 Same|400 Bad|401 Who|403 No|404 None|418 Teapot|422 What|"
                                    + "429 Slow|500 Oops|503 Later|599 ?|999 ?|301 Moved|307 Moved|"
                                    + "199 Hm|101 Switch|000 Nil|20 Short|2000 Long|-1 Less|abc|")
                            .split("[|]", -1));
    private static final List<String> HEADERS =
            List.of(
                    ("""
                    Content-Type: application/xml|Content-Type: ;;;=|Content-Type:|\
                    Content-Type: application/json; charset=nonsense|\
                    Content-Type: application/json; charset=UTF-16|\
                    Content-Type: application/x-java-serialized-object|\
                    Content-Encoding: gzip|Content-Encoding: gzip,gzip,gzip|\
                    Content-Encoding: nonsense|Content-Encoding: deflate|\
                    Date: Tue, 02 Sep 2025 02:10:00 GMT|Date: Thu, 01 Jan 1970 00:00:00 GMT|\
                    Date: Fri, 31 Dec 9999 23:59:59 GMT|Date: yesterday|\
                    Date: Tue, 02 Sep 2025 02:10:00 GMT\r\nDate: Tue, 02 Sep 2025 02:10:00 GMT|\
                    Retry-After: -1|Retry-After: 999999999|Retry-After: 1e9|\
                    Retry-After: Fri, 31 Dec 9999 23:59:59 GMT|rateLimit-reset: NaN|\
                    Location: //elsewhere.invalid/|Location: https://127.0.0.1/{{env:HOME}}|\
                    Location: https://u:p@127.0.0.1/|Location: file:///etc/passwd|\
                    Location: \u0001|X-Injected: a\r\n b|X-Bare: a\rContent-Length: 1|\
                    No colon here|: no name|X-Nul: \u0000|X-High: \u00ff\u0080|Set-Cookie: a=b|\
                    Connection: close|Transfer-Encoding: nonsense|\
                    Content-Length: 99999999999999999999|Content-Length: -1|Trailer: X|X-Long: \
                    """
                                    + "y".repeat(70_000))
                            .split("[|]"));

    /**
     * One answer.
     *
     * @param status what follows {@code HTTP/1.1}
     * @param body the body before it is framed
     * @param bytes the whole answer, as it goes over the wire
     * @param keepsConnection whether another request may follow
     */
    record Step(String status, byte[] body, byte[] bytes, boolean keepsConnection) {}

    /** How a body is told from what follows. */
    private enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE,
        LENGTH_TOO_SMALL,
        CHUNK_SIZE_WRONG,
        CUT_CHUNKED,
        CUT
    }

    /** Makes a case. */
    static HostileCase of(Random random, Instant hour) {
        if (random.nextInt(8) == 0) {
            byte[] body = page(random, hour, null).getBytes(StandardCharsets.UTF_8);
            Step step = step(random, "200 OK", "", body, body, Framing.LENGTH);
            return new HostileCase(List.of(step), true);
        }
        List<Step> steps = new ArrayList<>();
        int pages = 1 + random.nextInt(3);
        for (int i = 0; i < pages; i++) {
            String token = i < pages - 1 ? token(random, i) : null;
            steps.add(hostile(random, page(random, hour, token)));
        }
        return new HostileCase(steps, false);
    }

    private static Step hostile(Random random, String page) {
        String status = random.nextInt(6) > 0 ? "200 OK" : pick(random, STATUSES);
        Framing[] all = Framing.values();
        Framing framing =
                random.nextInt(6) > 0 ? all[random.nextInt(3)] : all[random.nextInt(all.length)];
        StringBuilder headers = new StringBuilder();
        if (random.nextInt(3) == 0) {
            int count = random.nextInt(50) == 0 ? 300 : 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                headers.append(pick(random, HEADERS)).append("\r\n");
            }
        }
        byte[] body = random.nextInt(4) == 0 ? utf8(page) : body(random, page);
        if (!status.startsWith("200") && random.nextBoolean()) {
            body = utf8("{\"errors\":[{\"detail\":\"none\"}]}");
        }
        boolean coded = headers.indexOf("Encoding: gzip\r") >= 0 && random.nextBoolean();
        byte[] encoded = coded ? gzip(body) : body;
        return step(random, status, headers.toString(), body, encoded, framing);
    }

    private static byte[] body(Random random, String page) {
        switch (random.nextInt(10)) {
            case 0:
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                return noise;
            case 1:
                return utf8(pick(random, List.of("[", "{\"data\":[", "{\"a\":")).repeat(20_000));
            case 2:
                Charset charset =
                        Charset.forName(
                                pick(
                                        random,
                                        List.of("UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1")));
                return page.getBytes(charset);
            case 3:
                return utf8("\ufeff" + page);
            case 4:
                return utf8(page + pick(random, List.of("}", " ", "x", page, "\u0000")));
            case 5, 6:
                return mutated(random, utf8(page));
            default:
                return utf8(withLiteral(random, page));
        }
    }

    /** A page with something else in the place of one of its values. */
    private static String withLiteral(Random random, String page) {
        List<Integer> colons = new ArrayList<>();
        for (int i = page.indexOf("\":"); i >= 0; i = page.indexOf("\":", i + 1)) {
            colons.add(i + 2);
        }
        int begin = colons.get(random.nextInt(colons.size()));
        int end = begin;
        while (end < page.length() && ",}]".indexOf(page.charAt(end)) < 0) {
            end++;
        }
        return page.substring(0, begin) + pick(random, LITERALS) + page.substring(end);
    }

    private static byte[] mutated(Random random, byte[] body) {
        byte[] bytes = body;
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(20));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(4)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> {
                    out.write(bytes, at, length);
                    out.write(bytes, at, length);
                }
                case 2 -> out.write("{}[]\":,\\0e-".charAt(random.nextInt(11)));
                default -> length = Math.min(length, bytes.length - 1);
            }
            out.write(bytes, at + length, bytes.length - at - length);
            bytes = out.toByteArray();
        }
        return bytes;
    }

    private static String page(Random random, Instant hour, String token) {
        String points =
                Stream.generate(() -> point(random, hour))
                        .limit(random.nextInt(4))
                        .collect(Collectors.joining(","));
        String next = token == null ? "" : ",\"next_page_token\":\"" + token + '"';
        return "{\"data\":[%s],\"meta\":{\"pagination\":{\"page_size\":1000%s}}}"
                .formatted(points, next);
    }

    private static String point(Random random, Instant hour) {
        return "{\"metric.principal_id\":\"u-%d\",\"timestamp\":\"%s\",\"value\":%d}"
                .formatted(random.nextInt(1_000_000), hour, random.nextInt(1000));
    }

    private static String token(Random random, int page) {
        return pick(
                        random,
                        List.of("", "t", "\\r\\nX: y ", "%0d%0a&a=b#", "\\u20ac\\ud800", "{{x}}"))
                + page;
    }

    private static Step step(
            Random random,
            String status,
            String headers,
            byte[] body,
            byte[] encoded,
            Framing framing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin1("HTTP/1.1 " + status + "\r\n" + headers));
        int length = encoded.length;
        switch (framing) {
            case LENGTH, CUT -> length(out, length, encoded);
            case LENGTH_TOO_SMALL -> length(out, length / 2, encoded);
            case CHUNKED, CUT_CHUNKED -> chunked(out, Integer.toHexString(length), encoded);
            case CHUNK_SIZE_WRONG -> chunked(out, "fffffffffffffffff", encoded);
            default -> {
                out.writeBytes(latin1("\r\n"));
                out.writeBytes(encoded);
            }
        }
        byte[] bytes = out.toByteArray();
        if (framing == Framing.CUT || framing == Framing.CUT_CHUNKED) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        boolean keeps =
                (framing == Framing.LENGTH || framing == Framing.CHUNKED)
                        && headers.isEmpty()
                        && status.equals("200 OK");
        byte[] received =
                framing == Framing.LENGTH_TOO_SMALL ? Arrays.copyOf(body, length / 2) : body;
        return new Step(status, received, bytes, keeps);
    }

    private static void length(ByteArrayOutputStream out, int length, byte[] body) {
        out.writeBytes(latin1("Content-Length: " + length + "\r\n\r\n"));
        out.writeBytes(body);
    }

    private static void chunked(ByteArrayOutputStream out, String size, byte[] body) {
        out.writeBytes(latin1("Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n"));
        out.writeBytes(body);
        out.writeBytes(latin1("\r\n0\r\n\r\n"));
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String pick(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
