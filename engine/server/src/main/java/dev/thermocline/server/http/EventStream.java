package dev.thermocline.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events, flushed one by one. The answer begins with the first of them: until then a
 * request can still be refused with a status. Safe for use by several threads.
 */
public final class EventStream implements AutoCloseable {
  private final Exchange exchange;
  private final Duration silence;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OutputStream out;
  private @Nullable Thread pinger;
  private boolean closed;
  private long lastWrite = System.nanoTime();

  /**
   * Prepares a stream.
   *
   * @param silence after which a comment is sent, so that nobody on the way takes the connection
   *     for dead
   */
  public EventStream(Exchange exchange, Duration silence) {
    this.exchange = exchange;
    this.silence = silence;
    this.pinger = Thread.ofVirtual().name("thermocline-ping").start(this::ping);
  }

  /** Sends an event. */
  public void send(JsonNode data) {
    write("data: " + Json.text(data) + "\n\n");
  }

  /** Sends OpenAI's end marker. */
  public void sendDone() {
    write("data: [DONE]\n\n");
  }

  /** Whether anything was sent. */
  public boolean hasBegun() {
    lock.lock();
    try {
      return out != null;
    } finally {
      lock.unlock();
    }
  }

  private void write(String text) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      OutputStream target = out;
      if (target == null) {
        target = exchange.stream("text/event-stream; charset=utf-8");
        out = target;
      }
      target.write(text.getBytes(StandardCharsets.UTF_8));
      target.flush();
      lastWrite = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  private void ping() {
    try {
      while (true) {
        long wait = silence.toNanos() - (System.nanoTime() - lastWrite());
        if (wait > 0) {
          Thread.sleep(Duration.ofNanos(wait));
        } else {
          write(": ping\n\n");
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      // The stream has ended, or the client is gone, which whoever writes next will see too.
      return;
    }
  }

  private long lastWrite() {
    lock.lock();
    try {
      return lastWrite;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the answer; the connection stays. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (pinger != null) {
        pinger.interrupt();
        pinger = null;
      }
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
