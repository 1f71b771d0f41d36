package dev.thermocline.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names a server may be called by. A page can let its own name mean this machine (DNS
 * rebinding) and is then, to its browser, of the same origin as the server; but the browser still
 * sends the name it was given. So a server that lets everybody in because only this machine reaches
 * it answers to this machine's names alone. One with keys need not care: the page has none.
 */
final class Hosts {
  private static final String ALL = "*";

  private final boolean open;
  private final Set<String> allowed = new HashSet<>();

  /**
   * Decides who is checked.
   *
   * @param bound the address that is listened on
   * @param named further names, {@code *} for all
   * @param hasKeys whether clients need a key
   */
  Hosts(String bound, List<String> named, boolean hasKeys) {
    open = hasKeys || named.contains(ALL) || !isLoopback(bound);
    allowed.add("localhost");
    allowed.add(name(bound));
    named.forEach(host -> allowed.add(name(host)));
  }

  private static boolean isLoopback(String bound) {
    try {
      return InetAddress.getByName(bound).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // Listening fails in a moment, and says why.
      return true;
    }
  }

  /** Checks the value of a Host header. */
  void check(@Nullable String host) {
    if (!open && (host == null || !isAllowed(name(host)))) {
      throw ApiException.refused(
          403,
          "host_not_allowed",
          "Host: expected a name of this machine such as localhost, got "
              + shown(host)
              + ": --allowed-host allows others, and with an API key all are");
    }
  }

  private static String shown(@Nullable String host) {
    return host == null ? "none" : host.substring(0, Math.min(100, host.length()));
  }

  private boolean isAllowed(String name) {
    return allowed.contains(name) || name.endsWith(".localhost") || isLoopbackLiteral(name);
  }

  private static boolean isLoopbackLiteral(String name) {
    try {
      return InetAddress.ofLiteral(name).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The name without its port, brackets and final dot. */
  private static String name(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      int end = name.indexOf(']');
      return end < 0 ? name : name.substring(1, end);
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && colon == name.lastIndexOf(':')) {
      name = name.substring(0, colon);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
