package dev.thermocline.models.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pulling through a proxy that the environment names. */
final class ProxyTest {
  private static final String FILE = "tiny-Q4_K_M.gguf";
  private static final byte[] CONTENT = FakeHub.bytes(100_000, 1);

  @TempDir Path folder;

  private static StoreSettings through(StoreSettings settings, Map<String, String> environment) {
    return new StoreSettings(
        settings.hubCache(),
        settings.linkCache(),
        settings.endpoint(),
        settings.token(),
        false,
        settings.patience(),
        Proxies.of(environment));
  }

  @Test
  void asksTheProxyAndShowsItItsPassword() throws Exception {
    try (FakeHub fake = new FakeHub();
        TinyProxy proxy = new TinyProxy("user:pass word")) {
      fake.offer(FILE, CONTENT);
      String address = "http://user:pass%20word@127.0.0.1:" + proxy.port();
      StoreSettings settings =
          through(fake.settings(folder), Map.of("HTTP_PROXY", address, "NO_PROXY", "example.org"));
      ModelReference wanted = ModelReference.parse("hf:maker/model-GGUF", settings.endpoint());
      StoredModel model = new ModelStore(settings).pull(wanted, PullListener.NONE);
      assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
      List<String> asked = proxy.requests();
      assertFalse(asked.isEmpty());
      assertTrue(asked.stream().allMatch(line -> line.startsWith("GET http://")), asked::toString);
      assertTrue(asked.stream().anyMatch(line -> line.contains("/resolve/")), asked::toString);
    }
  }

  @Test
  void asksDirectlyWhereNoProxyIsWanted() throws Exception {
    try (FakeHub fake = new FakeHub()) {
      fake.offer(FILE, CONTENT);
      StoreSettings settings =
          through(
              fake.settings(folder),
              Map.of("http_proxy", "http://127.0.0.1:1", "no_proxy", "localhost, 127.0.0.0/8"));
      ModelReference wanted = ModelReference.parse("hf:maker/model-GGUF", settings.endpoint());
      StoredModel model = new ModelStore(settings).pull(wanted, PullListener.NONE);
      assertArrayEquals(CONTENT, Files.readAllBytes(model.path()));
    }
  }

  @Test
  void asksForATunnelToSecureServers() throws Exception {
    try (FakeHub fake = new FakeHub();
        TinyProxy proxy = new TinyProxy(null)) {
      StoreSettings settings =
          through(fake.settings(folder), Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.port()));
      ModelReference link =
          ModelReference.parse("https://models.invalid/a.gguf", settings.endpoint());
      assertThrows(
          StoreException.class, () -> new ModelStore(settings).pull(link, PullListener.NONE));
      assertEquals("CONNECT models.invalid:443 HTTP/1.1", proxy.requests().getFirst());
    }
  }

  @Test
  void refusesProxiesThatItCannotUse() {
    try (FakeHub fake = new FakeHub()) {
      StoreSettings settings =
          through(fake.settings(folder), Map.of("ALL_PROXY", "socks5://me:secret@host:1080"));
      ModelReference link = ModelReference.parse("https://models.invalid/a.gguf", fake.hub.at(""));
      StoreException e =
          assertThrows(
              StoreException.class, () -> new ModelStore(settings).pull(link, PullListener.NONE));
      assertTrue(e.getMessage().contains("socks5://host:1080"), e::getMessage);
      assertFalse(e.getMessage().contains("secret"), e::getMessage);
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com|https://example.com/a|true",
        "example.com|https://cdn.example.com/a|true",
        "example.com|https://badexample.com/a|false",
        ".example.com|https://cdn.example.com|true",
        "*.example.com|https://cdn.example.com|true",
        "EXAMPLE.com|https://example.COM|true",
        "example.com:443|https://example.com|true",
        "example.com:8443|https://example.com|false",
        "a, b  c|http://c/|true",
        "*|https://anything.example|true",
        "10.0.0.0/8|http://10.1.2.3/|true",
        "10.0.0.0/8|http://11.1.2.3/|false",
        "10.0.0.0/99|http://10.1.2.3/|false",
        "fd00::/8|http://[fd12::1]/|true",
        "::1|http://[::1]:80/|true",
        "[::1]:80|http://[::1]/|true",
        "127.0.0.1|http://127.0.0.1:9/|true",
        ",|https://example.com|false",
      })
  void knowsWhatIsAskedDirectly(String list, URI address, boolean direct) throws Exception {
    Proxies proxies = Proxies.of(Map.of("all_proxy", "http://proxy:3128", "NO_PROXY", list));
    if (direct) {
      assertNull(proxies.proxyFor(address));
    } else {
      assertNotNull(proxies.proxyFor(address));
    }
  }
}
