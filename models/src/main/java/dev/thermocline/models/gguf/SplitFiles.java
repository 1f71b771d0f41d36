package dev.thermocline.models.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models in several files, as llama.cpp's {@code gguf-split} names them: {@code
 * name-00001-of-00003.gguf} and so on. The first part has the metadata, each has some tensors.
 */
final class SplitFiles {
  static final String NUMBER = "split.no";
  static final String COUNT = "split.count";
  static final String TENSORS = "split.tensors.count";

  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  private SplitFiles() {}

  /**
   * All parts of the model that {@code file} is a part of, in order; the file alone if its name is
   * no part's.
   *
   * @throws GgufFormatException if a part is missing
   */
  static List<Path> of(Path file) {
    Path last = file.getFileName();
    Matcher matcher = NAME.matcher(last == null ? "" : last.toString());
    if (!matcher.matches()) {
      return List.of(file);
    }
    int count = Integer.parseInt(matcher.group(3));
    List<Path> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Path part = file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(matcher.group(1), i, count));
      if (!Files.exists(part)) {
        throw new GgufFormatException(
            last.toString(), -1, "expected " + count + " parts, but " + part + " is missing");
      }
      parts.add(part);
    }
    return parts.isEmpty() ? List.of(file) : parts;
  }

  /**
   * Checks that a part is what its name says.
   *
   * @param index from 0 on
   */
  static void check(GgufReader.Head part, Path name, int index, int count) {
    GgufMetadata metadata = part.metadata();
    long foundIndex = metadata.integer(NUMBER, -1);
    long foundCount = metadata.integer(COUNT, -1);
    if (foundIndex != index || foundCount != count) {
      throw new GgufFormatException(
          String.valueOf(name.getFileName()),
          -1,
          "expected part "
              + index
              + " of "
              + count
              + " by its name, but it holds part "
              + foundIndex
              + " of "
              + foundCount);
    }
  }
}
