package dev.thermocline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's parser reads, with time limits, and a look-out for the client's leaving
 * while a request is worked on: then the next read is started ahead, and an end of data in place of
 * a next request means that nobody waits for the answer.
 *
 * <p>Used by the connection's own thread; at most one read is under way, on a thread of its own.
 */
final class SocketReads implements Supplier<byte @Nullable []> {
  private static final ThreadLocal<SocketReads> OF_THREAD = new ThreadLocal<>();

  /** What the connection is doing. */
  private enum Phase {
    BETWEEN,
    HEAD,
    BODY
  }

  private final DataReader begun;
  private final HelidonSocket socket;
  private final Limits limits;
  private @Nullable CompletableFuture<byte @Nullable []> pending;
  private Phase phase = Phase.BETWEEN;
  private long deadline;
  private long received;

  /**
   * How long a client may take, and how much it may send.
   *
   * @param idle between requests
   * @param head from a request's first byte to the end of its headers
   * @param body for the body
   * @param bytes of a request, with all that is around its body: the parser would read a line that
   *     does not end into memory
   */
  record Limits(Duration idle, Duration head, Duration body, long bytes) {}

  /**
   * Starts on a connection and stands for it in this thread.
   *
   * @param begun what the server has read of the connection so far
   */
  SocketReads(DataReader begun, HelidonSocket socket, Limits limits) {
    this.begun = begun;
    this.socket = socket;
    this.limits = limits;
    enter(Phase.BETWEEN, limits.idle());
    OF_THREAD.set(this);
  }

  /** The connection that this thread serves. */
  static @Nullable SocketReads ofThread() {
    return OF_THREAD.get();
  }

  private void enter(Phase next, Duration limit) {
    phase = next;
    deadline = System.nanoTime() + limit.toNanos();
  }

  /** A request's headers are read; its body may follow. */
  void beginBody() {
    enter(Phase.BODY, limits.body());
  }

  /** A request is answered. */
  void endRequest() {
    received = 0;
    enter(Phase.BETWEEN, limits.idle());
  }

  /** Runs {@code gone}, on another thread, if the client goes away before its next request. */
  void watch(Runnable gone) {
    CompletableFuture<byte @Nullable []> next = pending == null ? start() : pending;
    pending = next;
    CompletableFuture<Void> _ =
        next.handle((bytes, failure) -> {
          if (bytes == null) {
            gone.run();
          }
          return null;
        });
  }

  @Override
  public byte @Nullable [] get() {
    if (begun.available() > 0) {
      return begun.readBytes(begun.available());
    }
    CompletableFuture<byte @Nullable []> read = pending == null ? start() : pending;
    pending = read;
    byte[] bytes = await(read);
    pending = null;
    count(bytes);
    if (phase == Phase.BETWEEN) {
      enter(Phase.HEAD, limits.head());
    }
    return bytes;
  }

  private void count(byte @Nullable [] bytes) {
    received += bytes == null ? 0 : bytes.length;
    if (received > limits.bytes()) {
      if (phase == Phase.BODY) {
        throw Exchange.tooLarge(limits.bytes());
      }
      throw new CloseConnectionException("the client sends too much");
    }
  }

  private CompletableFuture<byte @Nullable []> start() {
    CompletableFuture<byte @Nullable []> read = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("thermocline-read")
        .start(() -> {
          try {
            read.complete(socket.get());
          } catch (RuntimeException e) {
            read.completeExceptionally(e);
          }
        });
    return read;
  }

  private byte @Nullable [] await(CompletableFuture<byte @Nullable []> read) {
    try {
      return read.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (phase == Phase.BODY) {
        throw ApiException.refused(408, "timeout", "the request's body did not arrive in time");
      }
      throw new CloseConnectionException("the client was silent for too long");
    } catch (ExecutionException e) {
      throw new CloseConnectionException("the client is gone", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server is stopping", e);
    }
  }
}
