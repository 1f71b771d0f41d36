package dev.thermocline.models.tokenizer;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;

/** Small vocabulary files of every kind. */
final class VocabularyFile {
  final List<String> texts = new ArrayList<>();
  private final List<Float> scores = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final GgufWriter writer = new GgufWriter();

  VocabularyFile(String model) {
    writer.put("tokenizer.ggml.model", model);
  }

  VocabularyFile add(int type, String... words) {
    for (String word : words) {
      texts.add(word);
      scores.add(-1f - texts.size());
      types.add(type);
    }
    return this;
  }

  /** All 256 characters of the byte alphabet. */
  VocabularyFile bytes() {
    byte[] out = new byte[2];
    for (int b = 0; b < 256; b++) {
      int length = ByteAlphabet.encode(new byte[] {(byte) b}, 0, 1, out);
      add(1, new String(out, 0, length, java.nio.charset.StandardCharsets.UTF_8));
    }
    return this;
  }

  VocabularyFile with(String key, String value) {
    writer.put("tokenizer.ggml." + key, value);
    return this;
  }

  VocabularyFile with(String key, boolean value) {
    writer.put("tokenizer.ggml." + key, value);
    return this;
  }

  VocabularyFile with(String key, int value) {
    writer.put("tokenizer.ggml." + key, value);
    return this;
  }

  VocabularyFile merges(String... merges) {
    writer.put("tokenizer.ggml.merges", GgufValue.strings(List.of(merges)));
    return this;
  }

  int id(String text) {
    return texts.indexOf(text);
  }

  int[] ids(String... words) {
    return java.util.Arrays.stream(words).mapToInt(this::id).toArray();
  }

  byte[] write() {
    float[] s = new float[scores.size()];
    int[] t = new int[types.size()];
    for (int i = 0; i < s.length; i++) {
      s[i] = scores.get(i);
      t[i] = types.get(i);
    }
    writer
        .put("tokenizer.ggml.tokens", GgufValue.strings(texts))
        .put("tokenizer.ggml.scores", GgufValue.floats(s))
        .put("tokenizer.ggml.token_type", GgufValue.ints(t));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  Tokenizer build() {
    return Tokenizers.of(GgufFile.of(MemorySegment.ofArray(write())).metadata());
  }
}
