package dev.thermocline.predictor.calibrate;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns are padded, so that it also reads well as plain text. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  TextTable(String... head) {
    widths = new int[head.length];
    add(head);
  }

  void add(String... cells) {
    if (cells.length != widths.length) {
      throw new IllegalArgumentException(
          "table: expected " + widths.length + " cells, got " + cells.length);
    }
    for (int c = 0; c < cells.length; c++) {
      widths[c] = Math.max(widths[c], cells[c].length());
    }
    rows.add(List.of(cells));
  }

  /** Left-aligned first column, the others right-aligned, a newline after each row. */
  String render() {
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < widths.length; c++) {
        String cell = rows.get(r).get(c);
        String padding = " ".repeat(widths[c] - cell.length());
        out.append("| ").append(c == 0 ? cell + padding : padding + cell).append(' ');
      }
      out.append("|\n");
      if (r == 0) {
        for (int c = 0; c < widths.length; c++) {
          out.append(c == 0 ? "|:" : "|-").append("-".repeat(widths[c])).append(c == 0 ? '-' : ':');
        }
        out.append("|\n");
      }
    }
    return out.toString();
  }
}
