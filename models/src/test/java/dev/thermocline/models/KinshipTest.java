package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.gguf.GgmlType;
import dev.thermocline.models.gguf.GgufFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Architectures that no peer at hand runs, held against relatives that a peer has confirmed; and
 * what files may leave out or say in two ways.
 */
class KinshipTest {
  @TempDir Path folder;

  @Test
  void optIsGpt2WithReluAndPositionsThatBeginTwoRowsLater() throws IOException {
    try (Model opt = Model.open(TinyArchitectures.write("opt", folder))) {
      Tensor rows = opt.gguf().tensor("position_embd.weight").rows(2, TinyWriter.CONTEXT);
      TinyWriter relative =
          new TinyWriter("gpt2", 2)
              .layerNorm()
              .key("hidden_activation", "relu")
              .key("attention.head_count_kv", TinyWriter.KV_HEADS)
              .ends(true, true)
              .attention(TinyWriter.HEAD, true)
              .norms("attn_norm", true)
              .norms("ffn_norm", true)
              .ungated(true);
      relative
          .writer()
          .tensor(
              "position_embd.weight",
              GgmlType.F32,
              List.of((long) TinyWriter.EMBD, (long) TinyWriter.CONTEXT),
              channel -> channel.write(rows.data().asByteBuffer()));
      assertArrayEquals(logits(write(relative, "relative")), logits(opt));
      assertEquals(TinyWriter.CONTEXT, opt.positionLimit());
    }
  }

  @Test
  void theLaterBitNetIsTheFirstWithAnotherActivation() throws IOException {
    assertArrayEquals(logits("bitnet-relu2"), logits("bitnet-25"));
  }

  @Test
  void aWindowThatCoversTheContextChangesNothing() throws IOException {
    TinyWriter windowed = phi3().key("attention.sliding_window", 20);
    assertArrayEquals(logits(write(phi3(), "plain")), logits(write(windowed, "windowed")));
    TinyWriter narrow = phi3().key("attention.sliding_window", 4);
    float[] plain = logits(write(phi3(), "plain"));
    float[] seen = logits(write(narrow, "narrow"));
    int four = 4 * TinyWriter.VOCABULARY;
    assertArrayEquals(
        java.util.Arrays.copyOf(plain, four), java.util.Arrays.copyOf(seen, four), "within");
    assertTrue(Math.abs(plain[four] - seen[four]) > 1e-3, "beyond the window");
  }

  private static TinyWriter phi3() {
    return new TinyWriter("phi3", 2)
        .rms()
        .grouped()
        .ends(false, false)
        .fused(TinyWriter.KV_HEADS, false)
        .norms("attn_norm", false)
        .norms("ffn_norm", false)
        .fusedGate();
  }

  @Test
  void thePatternOfAWindowMayBeAPeriodOrAList() throws IOException {
    TinyWriter list = TinyArchitectures.tiny("gemma2");
    list.writer()
        .put(
            "gemma2.attention.sliding_window_pattern",
            dev.thermocline.models.gguf.GgufValue.ints(1, 0, 1, 0));
    assertArrayEquals(logits("gemma2"), logits(write(list, "list")));
    TinyWriter period = TinyArchitectures.tiny("gemma2").key("attention.sliding_window_pattern", 2);
    assertArrayEquals(logits("gemma2"), logits(write(period, "period")));
  }

  @Test
  void aShortListOfWindowsIsRefused() throws IOException {
    TinyWriter list = TinyArchitectures.tiny("gemma2");
    list.writer()
        .put(
            "gemma2.attention.sliding_window_pattern",
            dev.thermocline.models.gguf.GgufValue.ints(1, 0));
    Path file = write(list, "short");
    String message = assertThrows(GgufFormatException.class, () -> Model.open(file)).getMessage();
    assertTrue(message.contains("sliding_window_pattern"), message);
  }

  /** Mixtral's first files had a tensor for every expert. */
  @Test
  void expertsMayHaveTensorsOfTheirOwnOrGateAndUpInOne() throws IOException {
    TinyWriter apart = llamaMoe();
    TinyWriter fused = llamaMoe();
    try (Model model = Model.open(TinyArchitectures.write("llama-moe", folder))) {
      for (int layer = 0; layer < 2; layer++) {
        String p = "blk." + layer + ".";
        Tensor gate = model.gguf().tensor(p + "ffn_gate_exps.weight");
        Tensor up = model.gguf().tensor(p + "ffn_up_exps.weight");
        Tensor down = model.gguf().tensor(p + "ffn_down_exps.weight");
        List<Tensor> pairs = new ArrayList<>();
        for (int e = 0; e < 4; e++) {
          put(apart, p + "ffn_gate." + e, 1, gate.rows(24 * e, 24));
          put(apart, p + "ffn_up." + e, 1, up.rows(24 * e, 24));
          put(apart, p + "ffn_down." + e, 1, down.rows(TinyWriter.EMBD * e, TinyWriter.EMBD));
          pairs.add(gate.rows(24 * e, 24));
          pairs.add(up.rows(24 * e, 24));
        }
        put(fused, p + "ffn_gate_up_exps", 4, pairs.toArray(Tensor[]::new));
        put(fused, p + "ffn_down_exps", 4, down);
      }
      float[] expected = logits(model);
      assertArrayEquals(expected, logits(write(apart, "apart")));
      assertArrayEquals(expected, logits(write(fused, "fused")));
    }
  }

  private static TinyWriter llamaMoe() {
    return new TinyWriter("llama", 2)
        .rms()
        .grouped()
        .rope(TinyWriter.HEAD, 10000)
        .ends(false, false)
        .attention(TinyWriter.HEAD, false)
        .norms("attn_norm", false)
        .norms("ffn_norm", false)
        .key("expert_count", 4)
        .key("expert_used_count", 2)
        .eachLayerMatrix("ffn_gate_inp", 4, TinyWriter.EMBD);
  }

  private static void put(TinyWriter to, String name, long experts, Tensor... rows) {
    long count = java.util.Arrays.stream(rows).mapToLong(Tensor::rows).sum();
    List<Long> shape = List.of((long) rows[0].cols(), count / experts, experts);
    to.writer()
        .tensor(
            name + ".weight",
            GgmlType.F32,
            experts == 1 ? shape.subList(0, 2) : shape,
            channel -> {
              for (Tensor part : rows) {
                channel.write(part.data().asByteBuffer());
              }
            });
  }

  @Test
  void moreExpertsThanThereAreCannotBeUsed() throws IOException {
    Path file = write(TinyArchitectures.tiny("llama-moe").key("expert_used_count", 9), "used");
    String message = assertThrows(GgufFormatException.class, () -> Model.open(file)).getMessage();
    assertTrue(message.contains("expert_used_count"), message);
    Path more = write(TinyArchitectures.tiny("llama-moe").key("expert_count", 8), "more");
    assertThrows(GgufFormatException.class, () -> Model.open(more));
  }

  @Test
  void valuesMayBeShorterThanKeys() throws IOException {
    TinyWriter writer =
        new TinyWriter("llama", 2)
            .rms()
            .grouped()
            .key("attention.key_length", 12)
            .key("attention.value_length", 6)
            .key("rope.dimension_count", 12)
            .ends(false, false)
            .norms("attn_norm", false)
            .norms("ffn_norm", false)
            .gated();
    writer.eachLayer(p -> {
      writer.matrix(p + "attn_q", TinyWriter.HEADS * 12, TinyWriter.EMBD);
      writer.matrix(p + "attn_k", TinyWriter.KV_HEADS * 12, TinyWriter.EMBD);
      writer.matrix(p + "attn_v", TinyWriter.KV_HEADS * 6, TinyWriter.EMBD);
      writer.matrix(p + "attn_output", TinyWriter.EMBD, TinyWriter.HEADS * 6);
    });
    Path file = write(writer, "lengths");
    assertArrayEquals(logits(file, Backend.REFERENCE), logits(file, Backend.VECTOR), 1e-4f);
  }

  private Path write(TinyWriter writer, String name) throws IOException {
    Path file = folder.resolve(name + ".gguf");
    writer.writer().write(file);
    return file;
  }

  private float[] logits(String name) throws IOException {
    return logits(TinyArchitectures.write(name, folder));
  }

  private static float[] logits(Path file) throws IOException {
    return logits(file, Backend.REFERENCE);
  }

  private static float[] logits(Path file, Backend backend) throws IOException {
    try (Model model = Model.open(file)) {
      return logits(model, backend);
    }
  }

  private static float[] logits(Model model) {
    return logits(model, Backend.REFERENCE);
  }

  private static float[] logits(Model model, Backend backend) {
    int[] tokens = new Random(3).ints(16, 0, TinyWriter.VOCABULARY).toArray();
    try (Backend.Open open = backend.open();
        ForwardPass pass = new ForwardPass(model, open.kernels(), tokens.length)) {
      return pass.forward(tokens);
    }
  }
}
