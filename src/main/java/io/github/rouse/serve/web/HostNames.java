// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.HostPort;

/**
 * The names by which requests may call this server. A page on the internet can point a name of its
 * own at this machine (DNS rebinding); its requests still carry that name.
 *
 * @param named those that the user allows, in lower case; with a port or without
 */
record HostNames(Set<String> named) {
  // Literals only: a name such as 127.0.0.1.example.com is none of them.
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|::1");

  static HostNames of(List<String> names) {
    return new HostNames(
        names.stream().map(HostNames::normal).collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether a {@code Host} header names this server. */
  boolean allowHost(String header, String bound) {
    HostPort host = parsed(header);
    return host != null && (isOurs(host, bound) || isNamed(host));
  }

  /**
   * Whether a page of this origin may use the server: its own, or one on a host that the user
   * allows. Another port of this machine belongs to another program.
   */
  boolean allowOrigin(String origin, String bound, int port) {
    int scheme = origin.indexOf("://");
    HostPort host = scheme < 0 ? null : parsed(origin.substring(scheme + 3));
    if (host == null) {
      return false; // also "null"
    }
    int usual = origin.startsWith("https:") ? 443 : 80;
    return isNamed(host) || (isOurs(host, bound) && host.getPort(usual) == port);
  }

  private static boolean isOurs(HostPort host, String bound) {
    String name = normal(host.getHost());
    return LOOPBACK.matcher(name).matches() || name.equals(normal(bound));
  }

  private boolean isNamed(HostPort host) {
    String name = normal(host.getHost());
    return named.contains(name) || (host.hasPort() && named.contains(name + ":" + host.getPort()));
  }

  private static HostPort parsed(String text) {
    try {
      return text == null || text.isEmpty() ? null : new HostPort(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
