package dev.thermocline.engine.constrain.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of Unicode code points as ascending ranges that neither touch nor hold surrogates. */
public record CodePoints(List<Range> ranges) {
  public static final int MAX = Character.MAX_CODE_POINT;
  public static final CodePoints NONE = new CodePoints(List.of());
  public static final CodePoints ALL = of(0, MAX);

  /** From the first to the last, both included. */
  public record Range(int from, int to) {}

  public static CodePoints of(int from, int to) {
    return normalized(List.of(new Range(from, to)));
  }

  public static CodePoints of(int codePoint) {
    return of(codePoint, codePoint);
  }

  /** The characters of a text. */
  public static CodePoints among(String characters) {
    return normalized(characters.codePoints().mapToObj(c -> new Range(c, c)).toList());
  }

  /** Sorts, joins what touches and cuts surrogates out, which no UTF-8 text has. */
  public static CodePoints normalized(List<Range> any) {
    List<Range> sorted = new ArrayList<>();
    for (Range range : any) {
      cut(range, 0, Character.MIN_SURROGATE - 1, sorted);
      cut(range, Character.MAX_SURROGATE + 1, MAX, sorted);
    }
    sorted.sort(Comparator.comparingInt(Range::from));
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      Range last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && range.from() <= last.to() + 1) {
        joined.set(joined.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
      } else {
        joined.add(range);
      }
    }
    return new CodePoints(List.copyOf(joined));
  }

  private static void cut(Range range, int from, int to, List<Range> out) {
    int low = Math.max(range.from(), from);
    int high = Math.min(range.to(), to);
    if (low <= high) {
      out.add(new Range(low, high));
    }
  }

  public CodePoints or(CodePoints other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    return normalized(all);
  }

  public CodePoints not() {
    List<Range> gaps = new ArrayList<>();
    int from = 0;
    for (Range range : ranges) {
      if (range.from() > from) {
        gaps.add(new Range(from, range.from() - 1));
      }
      from = range.to() + 1;
    }
    if (from <= MAX) {
      gaps.add(new Range(from, MAX));
    }
    return normalized(gaps);
  }

  public CodePoints and(CodePoints other) {
    return not().or(other.not()).not();
  }

  public CodePoints minus(CodePoints other) {
    return not().or(other).not();
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  public boolean contains(int codePoint) {
    for (Range range : ranges) {
      if (codePoint >= range.from() && codePoint <= range.to()) {
        return true;
      }
    }
    return false;
  }
}
