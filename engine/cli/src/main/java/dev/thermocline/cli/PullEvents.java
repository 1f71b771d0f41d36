package dev.thermocline.cli;

import dev.thermocline.models.store.PullListener;
import dev.thermocline.models.store.StoredModel;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A pull as programs watch it, a JSON object a line: {@code begin}, {@code progress} (a few a
 * second), {@code retry}, {@code end} for each file, and {@code done}. Sizes that are not known are
 * left out.
 */
final class PullEvents implements PullListener {
  private static final long EVERY_NANOS = 250_000_000;

  private final JsonMapper json = JsonMapper.builder().build();
  private final PrintStream out;
  private String file = "";
  private long last;

  PullEvents(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begins(String begun, int number, int count, long bytes) {
    file = begun;
    Map<String, Object> event = event("begin");
    event.put("number", number);
    event.put("count", count);
    putSize(event, "bytes", bytes);
    print(event);
  }

  @Override
  public void progress(long part, long whole) {
    long now = System.nanoTime();
    if (now - last < EVERY_NANOS && part != whole) {
      return;
    }
    last = now;
    Map<String, Object> event = event("progress");
    event.put("part", part);
    putSize(event, "bytes", whole);
    print(event);
  }

  @Override
  public void retries(String reason) {
    Map<String, Object> event = event("retry");
    event.put("reason", reason);
    print(event);
  }

  @Override
  public void ends(String ended, String sha256, boolean fetched) {
    Map<String, Object> event = event("end");
    if (!sha256.isEmpty()) {
      event.put("sha256", sha256);
    }
    event.put("fetched", fetched);
    print(event);
  }

  /** The model is complete. */
  void done(StoredModel model) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "done");
    event.putAll(ListCommand.describe(model));
    print(event);
  }

  private Map<String, Object> event(String name) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", name);
    event.put("file", file);
    return event;
  }

  private static void putSize(Map<String, Object> event, String key, long bytes) {
    if (bytes >= 0) {
      event.put(key, bytes);
    }
  }

  private void print(Map<String, Object> event) {
    out.println(json.writeValueAsString(event));
    out.flush();
  }
}
