package io.scrapingagent.config;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/**
 * The HTTP proxy on the way to the Metrics API. As for any Java program, {@code https.proxyHost}
 * and its like name it; else {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} do, as
 * for curl and Python.
 *
 * @param host its name or address
 * @param port its TCP port
 * @param user the name to log in with, empty if it wants none
 * @param password the password of the user
 */
public record ApiProxy(String host, int port, String user, Password password) {

    private static final int DEFAULT_PORT = 80;
    private static final String LOGIN_PART = "((?:[^@/\\s%]|%[0-9A-F]{2})*?)";
    private static final Pattern URL =
            Pattern.compile(
                    "(?i)(?:http://)?(?:"
                            + LOGIN_PART
                            + "(?::"
                            + LOGIN_PART
                            + ")?@)?([A-Z0-9._-]+|\\[[A-F0-9:.]+])(?::(\\d{1,5}))?/?");
    private static final String ALLOWED = "http://host:port or http://user:password@host:port";

    /**
     * Returns the proxy by which the API at this address is to be reached, if by one.
     *
     * @param hostName the real name of the API's host; in the address, hyphens replace its
     *     underscores
     */
    static Optional<ApiProxy> find(
            URI api, String hostName, SettingsSource source, SettingsReport report) {
        String scheme = api.getScheme();
        if (System.getProperty(scheme + ".proxyHost") != null) {
            // by the real name, which nonProxyHosts has too
            URI named = URI.create("%s://%s:%d".formatted(scheme, hostName, port(api)));
            return ProxySelector.getDefault().select(named).stream()
                    .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                    .map(proxy -> (InetSocketAddress) proxy.address())
                    .map(it -> new ApiProxy(it.getHostString(), it.getPort(), "", new Password("")))
                    .findFirst();
        }
        source.value("NO_PROXY").ifPresent(it -> report.warnIfQuoted("NO_PROXY", it));
        String name = hostName.replaceAll("[\\[\\]]", "");
        boolean direct =
                AgentVariables.isLoopback(api.getHost())
                        || source.value("NO_PROXY")
                                .filter(it -> excludes(it, name, port(api)))
                                .isPresent();
        String variable = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
        return direct
                ? Optional.empty()
                : source.secret(variable, report).flatMap(it -> parse(variable, it, report));
    }

    private static int port(URI api) {
        int defaultPort = api.getScheme().equals("https") ? 443 : 80;
        return api.getPort() < 0 ? defaultPort : api.getPort();
    }

    private static Optional<ApiProxy> parse(String variable, String text, SettingsReport report) {
        Matcher url = URL.matcher(text.strip());
        if (!url.matches() || portOf(url) > 65_535) {
            report.notAllowed(variable, SettingsReport.MASK, ALLOWED);
            return Optional.empty();
        }
        return Optional.of(
                new ApiProxy(
                        url.group(3),
                        portOf(url),
                        decoded(url.group(1)),
                        new Password(decoded(url.group(2)))));
    }

    private static int portOf(Matcher url) {
        return url.group(4) == null ? DEFAULT_PORT : Integer.parseInt(url.group(4));
    }

    private static String decoded(String text) {
        return text == null
                ? ""
                : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Tells whether a list of names, suffixes and addresses has the host in it. */
    static boolean excludes(String noProxy, String host, int port) {
        for (String item : noProxy.strip().split("[,\\s]+")) {
            String name = item.replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
            String wanted = host.toLowerCase(Locale.ROOT);
            if (item.equals("*")
                    || wanted.equals(name)
                    || (wanted + ":" + port).equals(name)
                    || !name.isEmpty() && wanted.endsWith("." + name)) {
                return true;
            }
        }
        return false;
    }
}
