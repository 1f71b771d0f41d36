package dev.thermocline.models.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A proxy for plain requests that opens no tunnels; it remembers what it was asked. */
final class TinyProxy implements AutoCloseable {
  private final ServerSocket server;
  private final @Nullable String expected;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Starts one that lets in whoever names this user and password; null for everybody. */
  TinyProxy(@Nullable String user) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    expected =
        user == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The first lines of the requests that were let in. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      List<String> head = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.add(line);
      }
      if (!head.isEmpty()) {
        answer(head, client);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(List<String> head, Socket client) throws IOException {
    if (expected != null && !head.contains("Proxy-Authorization: " + expected)) {
      refuse(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"");
      return;
    }
    requests.add(head.getFirst());
    if (head.getFirst().startsWith("CONNECT ")) {
      refuse(client, "403 Forbidden");
      return;
    }
    URI target = URI.create(head.getFirst().split(" ", 3)[1]);
    StringBuilder request = new StringBuilder("GET " + target.getRawPath());
    request.append(target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    request.append(" HTTP/1.1\r\nConnection: close\r\n");
    head.stream()
        .skip(1)
        .filter(line -> !line.matches("(?i)(proxy-|connection|upgrade|http2).*"))
        .forEach(line -> request.append(line).append("\r\n"));
    try (Socket origin = new Socket(target.getHost(), target.getPort())) {
      origin.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
      origin.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private static void refuse(Socket client, String status) throws IOException {
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
