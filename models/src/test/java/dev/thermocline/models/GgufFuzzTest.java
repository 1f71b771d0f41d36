package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.thermocline.models.gguf.Allocation;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.ExpertReader;
import dev.thermocline.models.layers.FeedForwardReader;
import dev.thermocline.models.layers.RotaryPositions;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.models.tokenizer.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * 100,000 damaged files: each is read or refused with an error of ours, and reading it allocates no
 * more than its size and a constant.
 */
class GgufFuzzTest {
  private static final long SEED = Long.getLong("thermocline.seed", 20260101);
  private static final int FILES = 100_000;

  /** Objects for keys, tensors and one error with its trace. */
  private static final int CONSTANT = 64_000;

  private int read;
  private int refused;
  private long mostAllocated;

  @Test
  void damagedFilesEndInErrorsOnly() throws IOException {
    TinyModel tiny = TinyModel.llama();
    tiny.nLayer = 1;
    tiny.nEmbd = 8;
    tiny.nFf = 16;
    tiny.headSize = 4;
    tiny.ropeDimensions = 4;
    tiny.ropeFactors = new float[] {1, 2};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tiny.writer().write(Channels.newChannel(out));
    byte[] sound = out.toByteArray();
    // The values of the tensors cannot do harm; nearly all damage goes to what describes them.
    int head = sound.length - (int) dataBytes(sound);
    use(sound);
    assertTrue(read == 1, "the undamaged file is refused");
    read = 0;
    Random random = new Random(SEED);
    for (int i = 0; i < FILES; i++) {
      byte[] file = damage(sound, head, random);
      try {
        use(file);
      } catch (RuntimeException e) {
        fail("seed " + SEED + ", file " + i, e);
      }
    }
    System.out.printf(
        "fuzz, seed %d: %d read, %d refused, most allocated beyond the size %d bytes%n",
        SEED, read, refused, mostAllocated);
    assertTrue(mostAllocated < CONSTANT, mostAllocated + " bytes beyond the file's size");
  }

  private static long dataBytes(byte[] sound) {
    try (GgufFile gguf = GgufFile.of(MemorySegment.ofArray(sound))) {
      return sound.length
          - gguf.tensors().stream().mapToLong(GgufTensorInfo::offset).min().orElseThrow();
    }
  }

  private static byte[] damage(byte[] sound, int head, Random random) {
    byte[] file = sound.clone();
    int hits = 1 + random.nextInt(4);
    for (int i = 0; i < hits; i++) {
      int at = random.nextInt(random.nextInt(8) == 0 ? 24 : head);
      switch (random.nextInt(5)) {
        case 0 -> file[at] = (byte) random.nextInt();
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 3 -> Arrays.fill(file, at, Math.min(head, at + 8), (byte) -random.nextInt(2));
        default -> {
          int from = random.nextInt(head);
          int count = Math.min(random.nextInt(64), head - Math.max(at, from));
          System.arraycopy(sound, from, file, at, count);
        }
      }
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  private void use(byte[] file) {
    MemorySegment segment = MemorySegment.ofArray(file);
    // The first time through a piece of code the JVM links it, which allocates too.
    parse(segment);
    long allocated = Allocation.of(() -> parse(segment));
    mostAllocated = Math.max(mostAllocated, allocated - file.length);
    try (GgufFile gguf = GgufFile.of(segment)) {
      for (String key : gguf.metadata().keys()) {
        gguf.metadata().describe(key);
      }
      attempt(() -> readTensors(gguf));
      attempt(() -> readTokenizer(gguf));
      attempt(() -> readModel(gguf));
      read++;
    } catch (GgufFormatException e) {
      refused++;
    }
  }

  private static void parse(MemorySegment file) {
    attempt(() -> GgufFile.of(file).close());
  }

  private static void attempt(Runnable code) {
    try {
      code.run();
    } catch (GgufFormatException | UnsupportedModelException expected) {
      assertTrue(expected.getMessage().length() < 700, "a message nobody wants to read");
    }
  }

  private static void readTensors(GgufFile gguf) {
    float[] row = new float[4096];
    for (GgufTensorInfo info : gguf.tensors()) {
      attempt(() -> {
        var tensor = gguf.tensor(info.name());
        if (tensor.cols() <= row.length) {
          tensor.decodeRow(tensor.rows() - 1, row, 0);
        }
      });
    }
  }

  private static void readTokenizer(GgufFile gguf) {
    Tokenizer tokenizer = Tokenizers.of(gguf.metadata());
    int[] ids = tokenizer.encode("<s>some text \u00e4</s>", true, true);
    tokenizer.decode(ids, true);
  }

  private static void readModel(GgufFile gguf) {
    Architecture architecture =
        Architectures.byName(gguf.metadata().string("general.architecture"));
    ModelConfig config = architecture.config(gguf);
    new RotaryPositions(gguf, config, 128, 4);
    for (int layer = 0; layer < config.nLayer(); layer++) {
      if (ExpertReader.read(gguf, config, layer) == null) {
        FeedForwardReader.read(gguf, config, layer);
      }
    }
  }
}
