package dev.thermocline.models.jinja;

/**
 * What one rendering may use: steps and characters worked on, depth of nesting, size of the output.
 * Far more than any template needs, far less than hurts.
 */
final class Budget {
  private static final long MAX_WORK = 50_000_000;
  private static final int MAX_DEPTH = 500;
  private static final int MAX_SIZE = 1 << 25;

  private long work;
  private int depth;

  /** One step of {@code size} characters or elements. */
  void charge(long size) {
    work += 1 + size / 16;
    if (work > MAX_WORK) {
      throw TemplateException.limit("expected an end within " + MAX_WORK + " steps");
    }
  }

  /** Checks what a value under construction has grown to. */
  void fits(long size) {
    if (size > MAX_SIZE) {
      throw TemplateException.limit(
          "expected at most " + MAX_SIZE + " characters or elements, got " + size);
    }
  }

  /** A new value of {@code size} characters or elements. */
  void reserve(long size) {
    fits(size);
    charge(size);
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw TemplateException.limit("expected at most " + MAX_DEPTH + " levels of nesting");
    }
    charge(0);
  }

  void leave() {
    depth--;
  }
}
