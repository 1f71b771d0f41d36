package dev.thermocline.models.store;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of hosts as NO_PROXY has it: names, which stand for everything below them too, addresses,
 * ranges of them ({@code 10.0.0.0/8}), each with a port or without; {@code *} for all.
 */
record ProxyExceptions(List<String> entries) {
  private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");

  ProxyExceptions {
    entries = List.copyOf(entries);
  }

  static ProxyExceptions of(String text) {
    return new ProxyExceptions(
        SEPARATOR
            .splitAsStream(text.toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  boolean contains(URI address) {
    String host = Uris.host(address).replaceAll("^\\[|\\]$", "");
    int port = Uris.port(address);
    return entries.stream().anyMatch(entry -> matches(entry, host, port));
  }

  private static boolean matches(String entry, String host, int port) {
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return inRange(entry.substring(0, slash), entry.substring(slash + 1), host);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
    if (hasPort) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = name.replaceAll("^\\[|\\]$|^\\*?\\.", "");
    return name.equals("*") || host.equals(name) || !name.isEmpty() && host.endsWith("." + name);
  }

  private static boolean inRange(String network, String bits, String host) {
    byte[] base = literal(network);
    byte[] address = literal(host);
    if (base == null || address == null || base.length != address.length) {
      return false;
    }
    if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > 8 * base.length) {
      return false;
    }
    int count = Integer.parseInt(bits);
    for (int bit = 0; bit < count; bit++) {
      if (((base[bit / 8] ^ address[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte @Nullable [] literal(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
