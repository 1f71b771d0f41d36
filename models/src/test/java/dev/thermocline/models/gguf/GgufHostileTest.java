package dev.thermocline.models.gguf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Files that lie, one lie each. */
class GgufHostileTest {

  @Test
  void otherKindsOfFiles() {
    refuse("magic", "file ends", out -> {});
    refuse("magic", "not a GGUF file", out -> out.ascii("PK\3\4").int32(3).int64(0).int64(0));
    refuse("version", "expected 2 or 3, got 1", out -> out.ascii("GGUF").int32(1));
    refuse("version", "big-endian", out -> out.ascii("GGUF").int32(0x03000000));
    refuse("tensor count", "file ends", out -> out.ascii("GGUF").int32(3));
  }

  @Test
  void countsPastTheFile() {
    refuse("tensor count", "at most", out -> head(out, Long.MAX_VALUE, 0));
    refuse("tensor count", "at most", out -> head(out, -1, 0));
    refuse("metadata count", "at most", out -> head(out, 0, 1L << 40));
    refuse("key", "at most", out -> array(out, 4, 1L << 31));
    refuse("key", "at most", out -> array(out, 8, -5));
  }

  @Test
  void stringsPastTheFile() {
    refuse("metadata key 0", "at most", out -> head(out, 0, 1).int64(1L << 62).bytes(0, 8));
    refuse("metadata key 0", "ends", out -> head(out, 0, 1).int64(100).bytes(0, 8));
    refuse("metadata key 0", "empty", out -> head(out, 0, 1).int64(0).int32(4).int32(0));
    refuse("key", "ends", out -> head(out, 0, 1).string("key").int32(8).int64(100).bytes(0, 8));
  }

  @Test
  void valuesOfUnknownTypesAndDeepNests() {
    refuse("key", "value type", out -> head(out, 0, 1).string("key").int32(13).int64(0));
    refuse("key", "value type", out -> head(out, 0, 1).string("key").int32(-1).int64(0));
    refuse("key", "value type", out -> array(out, 99, 0));
    refuse(
        "key",
        "nested",
        out -> {
          head(out, 0, 1).string("key").int32(9);
          for (int i = 0; i < 100; i++) {
            out.int32(9).int64(1);
          }
        });
  }

  @Test
  void duplicates() {
    refuse(
        "metadata key 1",
        "duplicate",
        out -> head(out, 0, 2).string("a").int32(4).int32(1).string("a").int32(4).int32(2));
    refuse(
        "t",
        "two tensors",
        out -> {
          head(out, 2, 0);
          tensor(out, "t", 0, 0, 8);
          tensor(out, "t", 0, 0, 8);
          out.bytes(0, 8).int64(0).int64(0).int64(0).int64(0).int64(0).int64(0).int64(0);
        });
  }

  @Test
  void alignments() {
    refuse("general.alignment", "power of two", out -> alignment(out, 4, 24));
    refuse("general.alignment", "expected 1 to", out -> alignment(out, 4, 0));
    refuse("general.alignment", "expected 1 to", out -> alignment(out, 4, -1));
    refuse("general.alignment", "an integer", out -> alignment(out, 6, 0));
    refuse("t", "multiple of 32", out -> tensor(head(out, 1, 0), "t", 0, 31, 8));
  }

  @Test
  void dimensions() {
    refuse("t", "1 to 4 dimensions", out -> tensor(head(out, 1, 0), "t", 0, 0));
    refuse("t", "1 to 4 dimensions", out -> tensor(head(out, 1, 0), "t", 0, 0, 1, 1, 1, 1, 1));
    refuse("t", "positive", out -> tensor(head(out, 1, 0), "t", 0, 0, 8, 0));
    refuse("t", "positive", out -> tensor(head(out, 1, 0), "t", 0, 0, -8));
    refuse("t", "overflows", out -> tensor(head(out, 1, 0), "t", 0, 0, 1L << 40, 1L << 40));
    refuse("t", "multiple of 32", out -> tensor(head(out, 1, 0), "t", 8, 0, 33));
    refuse("t", "complete", out -> tensor(head(out, 1, 0), "t", 0, 0, 1L << 59));
    refuse("t", "complete", out -> tensor(head(out, 1, 0), "t", 0, 1L << 50, 8));
    refuse("t", "complete", out -> tensor(head(out, 1, 0), "t", 0, 0, 8));
    refuse("t", "multiple of 32", out -> tensor(head(out, 1, 0), "t", 0, -32, 8));
  }

  private static ByteSink head(ByteSink out, long tensors, long keys) {
    return out.ascii("GGUF").int32(3).int64(tensors).int64(keys);
  }

  private static void array(ByteSink out, int type, long count) {
    head(out, 0, 1).string("key").int32(9).int32(type).int64(count).int64(0);
  }

  private static void alignment(ByteSink out, int type, int value) {
    head(out, 0, 1).string("general.alignment").int32(type).int32(value);
  }

  private static void tensor(ByteSink out, String name, int type, long offset, long... dimensions) {
    out.string(name).int32(dimensions.length);
    for (long dimension : dimensions) {
      out.int64(dimension);
    }
    out.int32(type).int64(offset);
  }

  private static void refuse(String field, String reason, Consumer<ByteSink> file) {
    ByteSink out = new ByteSink();
    file.accept(out);
    MemorySegment bytes = MemorySegment.ofArray(out.toByteArray());
    String message = assertThrows(GgufFormatException.class, () -> GgufFile.of(bytes)).getMessage();
    assertTrue(message.startsWith(field) && message.contains(reason), message);
  }
}
