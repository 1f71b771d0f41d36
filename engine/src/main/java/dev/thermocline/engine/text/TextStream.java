package dev.thermocline.engine.text;

import dev.thermocline.engine.Generation;
import dev.thermocline.models.tokenizer.StreamDecoder;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a generation, piece by piece. No piece splits a character, and no part of a stop
 * string ever leaves: text that could be the start of one is held back until it is decided.
 */
public final class TextStream {
  private final Generation generation;
  private final StreamDecoder decoder;
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private int index;
  private boolean ended;
  private boolean stopped;

  /**
   * Reads a generation.
   *
   * @param stops strings that end the text
   * @param continuation whether the text continues an earlier one, so that a leading space belongs
   *     to it
   */
  public TextStream(
      Tokenizer tokenizer, Generation generation, List<String> stops, boolean continuation) {
    this.generation = generation;
    this.decoder = new StreamDecoder(tokenizer, false, continuation);
    this.stops = List.copyOf(stops);
  }

  /** Tokens read so far. */
  public int tokens() {
    return index;
  }

  /** Whether a stop string ended the text; the generation itself may have gone on past it. */
  public boolean stopped() {
    return stopped;
  }

  /** The next piece, possibly empty, or null at the end. */
  public @Nullable String next() throws InterruptedException {
    if (ended) {
      return null;
    }
    int token = generation.await(index);
    if (token < 0) {
      ended = true;
      held.append(decoder.finish());
      cutAtStop();
      return take(held.length());
    }
    index++;
    held.append(decoder.next(token));
    if (cutAtStop()) {
      ended = true;
      generation.cancel();
      return take(held.length());
    }
    return take(held.length() - undecided());
  }

  /**
   * Drops a stop string and what follows it: the one that is complete first, whatever pieces the
   * text comes in; of those that end together, the longest.
   */
  private boolean cutAtStop() {
    int start = -1;
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      int to = at + stop.length();
      if (at >= 0 && (to < end || to == end && at < start)) {
        start = at;
        end = to;
      }
    }
    if (start >= 0) {
      held.setLength(start);
      stopped = true;
    }
    return start >= 0;
  }

  /** Length of the longest end of the held text that begins a stop string. */
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (held.substring(held.length() - n).equals(stop.substring(0, n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  private String take(int count) {
    String text = held.substring(0, count);
    held.delete(0, count);
    return text;
  }
}
