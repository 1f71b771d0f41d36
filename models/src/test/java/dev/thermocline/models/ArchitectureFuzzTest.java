package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.fail;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.ExpertReader;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardReader;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.MixtureOfExperts;
import dev.thermocline.models.layers.RotaryPositions;
import dev.thermocline.models.layers.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files of every architecture: loaded whole, or refused with an error of ours. */
class ArchitectureFuzzTest {
  private static final long SEED = Long.getLong("thermocline.seed", 20260202);
  private static final int FILES = 300;

  static List<String> models() {
    return TinyArchitectures.names();
  }

  @ParameterizedTest
  @MethodSource("models")
  void damagedFilesAreLoadedOrRefused(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TinyArchitectures.tiny(name).writer().write(Channels.newChannel(out));
    byte[] sound = out.toByteArray();
    int head = head(sound);
    Random random = new Random(SEED + name.hashCode());
    for (int i = 0; i < FILES; i++) {
      byte[] file = sound.clone();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        damage(file, random.nextInt(head), head, random);
      }
      try (GgufFile gguf = GgufFile.of(MemorySegment.ofArray(file))) {
        load(gguf);
      } catch (GgufFormatException | UnsupportedModelException refused) {
        // What a damaged file should come to.
      } catch (RuntimeException e) {
        fail(name + ", seed " + SEED + ", file " + i, e);
      }
    }
  }

  private static int head(byte[] sound) {
    try (GgufFile gguf = GgufFile.of(MemorySegment.ofArray(sound))) {
      return (int) gguf.tensors().stream().mapToLong(GgufTensorInfo::offset).min().orElseThrow();
    }
  }

  private static void damage(byte[] file, int at, int head, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> file[at] = (byte) random.nextInt();
      case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> Arrays.fill(file, at, Math.min(head, at + 4), (byte) -random.nextInt(2));
      default -> file[at] = (byte) random.nextInt(9);
    }
  }

  private static void load(GgufFile gguf) {
    Architecture architecture =
        Architectures.byName(gguf.metadata().string("general.architecture"));
    ModelConfig config = architecture.config(gguf);
    new RotaryPositions(gguf, config, 64, 2);
    try (Kernels kernels = Kernels.reference();
        Workspace workspace = new Workspace(kernels, config, 2)) {
      for (int layer = 0; layer < config.nLayer(); layer++) {
        LayerLoader loader =
            new LayerLoader(gguf, config, kernels, "blk." + layer + ".", LinearFactory.DENSE);
        architecture.block(loader, layer, feedForward(gguf, config, layer, kernels, workspace));
      }
    }
  }

  private static FeedForward feedForward(
      GgufFile gguf, ModelConfig config, int layer, Kernels kernels, Workspace workspace) {
    ExpertWeights experts = ExpertReader.read(gguf, config, layer);
    return experts == null
        ? FeedForward.dense(kernels, FeedForwardReader.read(gguf, config, layer), workspace)
        : FeedForward.dense(
            kernels,
            experts,
            workspace,
            MixtureOfExperts.Buffers.of(2, config.nEmbd(), experts.config()),
            LinearFactory.DENSE);
  }
}
