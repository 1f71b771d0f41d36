package dev.thermocline.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** 20,000 damaged vocabularies of all kinds: each works or is refused with an error of ours. */
class TokenizerFuzzTest {
  private static final int FILES = 20_000;
  private static final byte[] TEXT =
      "ab  <s>\n\u00e9\u4f60\ud83d\ude00 [X] 123 abc\u0301 <0x41>".getBytes(StandardCharsets.UTF_8);

  private static List<byte[]> sound() {
    return List.of(
        new VocabularyFile("gpt2")
            .add(1, "a", "b", "ab", "\u0120", "\u0120a", "1", "2")
            .add(3, "<s>")
            .add(4, "[X]")
            .with("pre", "llama-bpe")
            .with("bos_token_id", 7)
            .merges("a b", "\u0120 a", "ab c")
            .write(),
        new VocabularyFile("llama")
            .add(2, "<unk>")
            .add(3, "<s>", "</s>")
            .add(6, "<0x41>")
            .add(1, "a", "b", "ab", "\u2581")
            .write(),
        new VocabularyFile("bert")
            .add(3, "[CLS]")
            .add(2, "[UNK]")
            .add(1, "\u2581a", "b")
            .with("bos_token_id", 0)
            .with("unknown_token_id", 1)
            .write(),
        new VocabularyFile("t5")
            .add(3, "<pad>", "</s>")
            .add(2, "<unk>")
            .add(4, "[X]")
            .add(1, "\u2581", "a", "ab")
            .with("add_space_prefix", true)
            .write());
  }

  @Test
  void damagedTablesGiveErrorsOnly() {
    long seed = Long.getLong("thermocline.seed", 20260101);
    System.out.println("tokenizer fuzz: seed " + seed);
    Random random = new Random(seed);
    List<byte[]> sound = sound();
    sound.forEach(TokenizerFuzzTest::use);
    int worked = 0;
    for (int i = 0; i < FILES; i++) {
      byte[] file = damage(sound.get(i % sound.size()).clone(), random);
      try {
        use(file);
        worked++;
      } catch (GgufFormatException | UnsupportedModelException e) {
        assertTrue(e.getMessage() != null, "seed " + seed + ", file " + i);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", file " + i, e);
      }
    }
    System.out.println("tokenizer fuzz: " + worked + " of " + FILES + " still worked");
    assertTrue(worked > 0 && worked < FILES);
  }

  private static byte[] damage(byte[] file, Random random) {
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      int at = 24 + random.nextInt(file.length - 24);
      file[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (file[at] + random.nextInt(-2, 3));
            default -> (byte) (file[at] ^ 1 << random.nextInt(8));
          };
    }
    return file;
  }

  private static void use(byte[] bytes) {
    Tokenizer t = Tokenizers.of(GgufFile.of(MemorySegment.ofArray(bytes)).metadata());
    for (boolean special : new boolean[] {false, true}) {
      int[] ids = t.encode(TEXT, special, special);
      t.decode(ids, special);
    }
    for (int i = 0; i < t.size(); i++) {
      t.piece(i, true);
      t.isEndOfGeneration(i);
    }
  }
}
