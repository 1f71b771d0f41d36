package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code of[from:to:step]}. */
final class Slices {
  private Slices() {}

  static Object slice(Object of, @Nullable Long from, @Nullable Long to, @Nullable Long step) {
    long by = step == null ? 1 : step;
    if (by == 0) {
      throw TemplateException.runtime("slice step cannot be zero");
    }
    if (of instanceof Text text) {
      return slice(text, from, to, by);
    }
    if (of instanceof ListValue list && list.isIndexed()) {
      List<Object> kept = new ArrayList<>();
      for (int i : indices(list.items().size(), from, to, by)) {
        kept.add(list.items().get(i));
      }
      return new ListValue(kept, list.kind());
    }
    if (of instanceof Undefined undefined) {
      throw undefined.fail();
    }
    // Jinja looks a slice up like any other item, which what is no sequence does not have.
    return Undefined.member(of, Text.of("slice"));
  }

  private static Text slice(Text text, @Nullable Long from, @Nullable Long to, long by) {
    int[] indices = indices(text.size(), from, to, by);
    if (indices.length == 0) {
      return Text.EMPTY;
    }
    if (by == 1) {
      return text.slice(text.offset(indices[0]), text.offset(indices[indices.length - 1] + 1));
    }
    List<Object> characters = Values.iterate(text);
    TextBuilder out = new TextBuilder();
    for (int i : indices) {
      out.append((Text) characters.get(i));
    }
    return out.build();
  }

  private static int[] indices(int size, @Nullable Long from, @Nullable Long to, long by) {
    long first =
        by > 0 ? bound(from, 0, size, 0, size) : bound(from, size - 1L, size, -1, size - 1L);
    long end = by > 0 ? bound(to, size, size, 0, size) : bound(to, -1, size, -1, size - 1L);
    long count = by > 0 ? (end - first + by - 1) / by : (first - end - by - 1) / -by;
    int[] indices = new int[(int) Math.max(0, Math.min(size, count))];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) (first + i * by);
    }
    return indices;
  }

  private static long bound(@Nullable Long stated, long missing, int size, long min, long max) {
    if (stated == null) {
      return missing;
    }
    long fromStart = stated < 0 ? stated + size : stated;
    return Math.max(min, Math.min(max, fromStart));
  }
}
