package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.OutputPart;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The text of an answer without its other parts. */
final class TextIterator implements Iterator<String> {
  private final Iterator<OutputPart> parts;
  private @Nullable String next;

  TextIterator(Iterator<OutputPart> parts) {
    this.parts = parts;
  }

  @Override
  public boolean hasNext() {
    while (next == null && parts.hasNext()) {
      if (parts.next() instanceof OutputPart.Content content) {
        next = content.text();
      }
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the answer has ended");
    }
    String text = next;
    next = null;
    return text;
  }
}
