package dev.thermocline.models.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References, quantizations, parts and the choice between files. */
final class NamesTest {
  private static final URI HUB = URI.create("https://huggingface.co");

  @ParameterizedTest
  @CsvSource({
    "hf:o/r, o/r",
    "o/r:Q4_K_M, o/r:Q4_K_M",
    "hf:o/r@v1:sub/f.gguf, o/r@v1:sub/f.gguf",
    "hf://o/r:q8_0, o/r:q8_0",
    "hf.co/o/r:Q8_0, o/r:Q8_0",
    "https://huggingface.co/o/r, o/r",
    "https://huggingface.co/o/r/tree/main, o/r",
    "https://huggingface.co/o/r/tree/v2/Q4_K_M, o/r@v2:Q4_K_M",
    "https://huggingface.co/o/r/resolve/main/a%20b.gguf?download=true, o/r:a b.gguf",
    "https://hf.co/o/r/blob/refs%2Fpr%2F1/f.gguf, o/r@refs/pr/1:f.gguf",
    "https://example.com/f.gguf?key=1, https://example.com/f.gguf"
  })
  void readsWhatPeoplePaste(String text, String meaning) throws Exception {
    assertEquals(meaning, ModelReference.parse(text, HUB).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hf:",
        "hf:x",
        "hf:a/b/c",
        "hf:../b",
        "hf:a/..",
        "hf:a--b/c",
        "https://example.com/",
        "https://huggingface.co/datasets/a/b",
        "ftp://x/y.gguf",
        "https:///x.gguf",
        "a b/c"
      })
  void refusesAnythingElse(String text) {
    assertThrows(StoreException.class, () -> ModelReference.parse(text, HUB));
  }

  @ParameterizedTest
  @CsvSource({
    "model-Q4_K_M.gguf, Q4_K_M",
    "model.q8_0.gguf, Q8_0",
    "Model-UD-Q2_K_XL-00001-of-00002.gguf, UD-Q2_K_XL",
    "a-IQ2_XXS.gguf, IQ2_XXS",
    "a-iq4_nl.gguf, IQ4_NL",
    "BF16/a.gguf, BF16",
    "a-fp16.gguf, F16",
    "gpt-oss-mxfp4.gguf, MXFP4",
    "a-TQ1_0.gguf, TQ1_0",
    "q4.gguf,",
    "seq2_king.gguf,",
    "model.gguf,"
  })
  void readsQuantizations(String path, String label) {
    assertEquals(label, Quantization.of(path));
  }

  @Test
  void knowsTheParts() {
    assertEquals(
        List.of("x/a-00001-of-00002.gguf", "x/a-00002-of-00002.gguf"),
        SplitName.parts("x/a-00002-of-00002.gguf"));
    assertEquals(List.of("a.gguf"), SplitName.parts("a.gguf"));
    assertEquals(1, SplitName.parts("a-00003-of-00002.gguf").size());
    assertEquals(1, SplitName.parts("a-00001-of-99999.gguf").size());
  }

  @Test
  void choosesAsDocumented() throws Exception {
    assertEquals("a-Q4_K_M.gguf", choose(null, "a-Q8_0.gguf", "a-Q4_K_M.gguf", "a-F16.gguf"));
    assertEquals("a-Q8_0.gguf", choose(null, "a-Q8_0.gguf", "a-Q6_K.gguf"));
    assertEquals("a.gguf", choose(null, "a.gguf", "README.md"));
    assertEquals("b/a-Q6_K.gguf", choose("q6_k", "a-Q8_0.gguf", "b/a-Q6_K.gguf"));
    assertEquals("b/a-Q6_K.gguf", choose("a-Q6_K.gguf", "a-Q8_0.gguf", "b/a-Q6_K.gguf"));
    assertThrows(StoreException.class, () -> choose(null, "a-Q8_0.gguf", "b-Q8_0.gguf"));
    assertThrows(StoreException.class, () -> choose(null, "README.md"));
    assertThrows(StoreException.class, () -> choose("Q2_K", "a-Q8_0.gguf"));
  }

  private static String choose(@Nullable String wanted, String... paths) throws Exception {
    return Candidate.choose(Candidate.among(List.of(paths)), wanted, "repo").path();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/a", "a//b", "../a", "a/..", "a/./b", "a\\b", "c:a", "a\0b", "a/", "a\n"})
  void refusesPathsThatLeave(String path) {
    assertFalse(RepoPath.isSafe(path));
    assertTrue(RepoPath.isSafe("a/b c-1.gguf"));
  }
}
