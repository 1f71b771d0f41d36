package dev.thermocline.models.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Leads Java's HTTP client through {@link Proxies}. */
final class EnvironmentProxies extends ProxySelector {
  private static final int PORT = 80;
  private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  private final Proxies proxies;
  private final @Nullable ProxySelector otherwise = ProxySelector.getDefault();

  EnvironmentProxies(Proxies proxies) {
    this.proxies = proxies;
  }

  /**
   * Java shows no proxy a password in plain text on the way to a tunnel, unless it is told to
   * before its client is first used; whoever writes one into the environment means it to be shown.
   */
  static void allowPasswords(Proxies proxies) {
    String https = proxies.https();
    if (https != null && https.contains("@") && System.getProperty(TUNNELS) == null) {
      System.setProperty(TUNNELS, "");
    }
  }

  @Override
  public List<Proxy> select(URI address) {
    try {
      URI proxy = proxies.proxyFor(address);
      if (proxy != null) {
        return List.of(new Proxy(Proxy.Type.HTTP, socket(proxy)));
      }
      return proxies.isExcepted(address) || otherwise == null
          ? List.of(Proxy.NO_PROXY)
          : otherwise.select(address);
    } catch (StoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress socket(URI proxy) {
    return InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy));
  }

  private static int port(URI proxy) {
    return proxy.getPort() < 0 ? PORT : proxy.getPort();
  }

  /** The client goes on to fail with the same reason. */
  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException reason) {}

  /** Shows a proxy its user and password, and nobody else. */
  static final class Credentials extends Authenticator {
    private final Proxies proxies;

    Credentials(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      if (getRequestorType() != RequestorType.PROXY || getRequestingURL() == null) {
        return null;
      }
      try {
        URI proxy = proxies.proxyFor(URI.create(getRequestingURL().toString()));
        String user = proxy == null ? null : proxy.getUserInfo();
        if (proxy == null || user == null || !proxy.getHost().equals(getRequestingHost())) {
          return null;
        }
        int colon = user.indexOf(':');
        String password = colon < 0 ? "" : user.substring(colon + 1);
        return new PasswordAuthentication(
            Objects.requireNonNull(colon < 0 ? user : user.substring(0, colon)),
            password.toCharArray());
      } catch (StoreException e) {
        return null;
      }
    }
  }
}
