package dev.thermocline.models.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * Asks web servers for things. Redirects are followed by hand: what the Hub says on the way is
 * needed, and its token must go to no other server, not even back again from there.
 */
final class Transport implements AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final StoreSettings settings;
  private final HttpClient client;

  Transport(StoreSettings settings) {
    this.settings = settings;
    EnvironmentProxies.allowPasswords(settings.proxies());
    this.client =
        HttpClient.newBuilder()
            // One connection for each transfer: closing it stops the server at once.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.patience().connect())
            .proxy(new EnvironmentProxies(settings.proxies()))
            .authenticator(new EnvironmentProxies.Credentials(settings.proxies()))
            .build();
  }

  /**
   * The answer at the end of all redirects, whatever its status; the caller closes it.
   *
   * @throws TransientException if the connection fails
   * @throws StoreException if redirects lead nowhere or to a place where they must not
   */
  Reply get(URI start, Map<String, String> headers)
      throws StoreException, TransientException, InterruptedException {
    URI uri = start;
    Reply.HubHeaders hub = Reply.HubHeaders.NONE;
    boolean ofHub = Uris.sameOrigin(start, settings.endpoint());
    boolean home = true;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<TimedBody> response = send(uri, headers, home && ofHub);
      // What the server that was asked says of a file counts, not what another one adds.
      hub = home ? hub.and(response.headers()) : hub;
      if (!REDIRECTS.contains(response.statusCode())) {
        return new Reply(uri, response.statusCode(), response.headers(), hub, response.body());
      }
      response.body().close();
      URI next = target(uri, response);
      home &= Uris.sameOrigin(next, start);
      uri = next;
    }
    throw new StoreException(
        Uris.printable(start) + ": more than " + MOST_REDIRECTS + " redirects");
  }

  private static URI target(URI from, HttpResponse<?> response) throws StoreException {
    String location = response.headers().firstValue("Location").orElse("");
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new StoreException(Uris.printable(from) + ": redirects to an unreadable address", e);
    }
    if (location.isBlank() || !Uris.isWeb(target)) {
      throw new StoreException(
          Uris.printable(from) + ": redirects to something else than a web address");
    }
    if (Uris.isSecure(from) && !Uris.isSecure(target)) {
      throw new StoreException(
          Uris.printable(from) + ": redirects from https to " + Uris.printable(target));
    }
    return target;
  }

  private HttpResponse<TimedBody> send(URI uri, Map<String, String> headers, boolean authorized)
      throws StoreException, TransientException, InterruptedException {
    // Before the client asks for it, who would hide what is wrong with it.
    settings.proxies().proxyFor(uri);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(settings.patience().read())
            .header("User-Agent", "thermocline")
            // Ranges and digests are of the file itself.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (authorized && settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token());
    }
    try {
      return client.send(request.build(), info -> new TimedBody(settings.patience().read()));
    } catch (SSLException e) {
      throw new StoreException(Uris.printable(uri) + ": " + Failures.reason(e), e);
    } catch (HttpTimeoutException e) {
      throw new TransientException(Uris.printable(uri) + ": no answer in time", e);
    } catch (IOException e) {
      throw new TransientException(Uris.printable(uri) + ": " + Failures.reason(e), e);
    }
  }

  @Override
  public void close() {
    // Not close(), which waits for transfers that nobody reads any more.
    client.shutdownNow();
  }
}
