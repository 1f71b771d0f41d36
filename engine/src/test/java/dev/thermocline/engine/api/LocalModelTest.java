package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.TestModels;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolChoice;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.template.ChatMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door on the embedded model. */
class LocalModelTest {
  private static final String STORY = "Once upon a time";
  private static final AnswerOptions SHORT = AnswerOptions.greedy().withMaxTokens(24);

  private static LocalModel model;

  @BeforeAll
  static void open() throws IOException {
    model =
        LocalModel.open(
            "default",
            EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(2).withSequences(2));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void goesOnWithATextAsTheEngineDoes() throws Exception {
    String expected;
    int tokens;
    try (Model file = Model.openDefault();
        InferenceEngine engine =
            InferenceEngine.open(
                file, EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(2))) {
      int[] prompt = file.tokenizer().encode(STORY, false, true);
      tokens = prompt.length;
      Generation story =
          engine.submit(new GenerationRequest(prompt, 24, SamplingParams.greedy(), false));
      expected = file.tokenizer().decode(story.awaitAll(), false);
    }
    Answer answer = model.complete(STORY, SHORT).answer();
    assertEquals(expected.strip(), answer.text().strip());
    assertEquals(FinishReason.LENGTH, answer.finish());
    assertEquals(tokens, answer.promptTokens());
    assertEquals(24, answer.tokens());
    assertTrue(answer.elapsed().compareTo(answer.firstToken()) >= 0);
    assertEquals("", answer.reasoning());
    assertEquals(List.of(), answer.toolRequests());
  }

  @Test
  void readsAnAnswerInEveryWay() {
    String whole = model.complete(STORY, SHORT).answer().text();
    StringBuilder pieces = new StringBuilder();
    try (AnswerStream stream = model.complete(STORY, SHORT)) {
      stream.texts().forEach(pieces::append);
      assertEquals(whole, stream.answer().text());
      assertFalse(stream.hasNext());
      assertThrows(NoSuchElementException.class, stream::next);
    }
    assertEquals(whole, pieces.toString());
    StringBuilder called = new StringBuilder();
    assertEquals(whole, model.complete(STORY, SHORT).forEachText(called::append).text());
    assertEquals(whole, called.toString());
    List<OutputPart> parts = new ArrayList<>();
    model.complete(STORY, SHORT).forEachRemaining(parts::add);
    assertTrue(parts.size() > 5);
    assertTrue(parts.stream().allMatch(OutputPart.Content.class::isInstance));
  }

  @Test
  void aModelWithoutATemplateGoesOnWithTheMessages() {
    assertFalse(model.hasChatTemplate());
    String told = model.chat(List.of(ChatMessage.user(STORY)), SHORT).answer().text();
    assertEquals(model.complete(STORY, SHORT).answer().text().strip(), told.strip());
  }

  @Test
  void endsBeforeAStopString() {
    String whole = model.complete(STORY, SHORT).answer().text();
    String stop = whole.substring(10, 14);
    SamplingParams sampling = SamplingParams.builder().stop(List.of(stop)).build();
    Answer answer = model.complete(STORY, SHORT.withSampling(sampling)).answer();
    assertEquals(whole.substring(0, whole.indexOf(stop)), answer.text());
    assertEquals(FinishReason.STOP, answer.finish());
  }

  @Test
  void holdsAnswersToTheirFormat() {
    AnswerOptions wild =
        AnswerOptions.greedy()
            .withSampling(SamplingParams.builder().temperature(1.5f).seed(3).build());
    AnswerOptions date = wild.withFormat(new AnswerFormat.Regex("[0-9]{4}-[0-9]{2}"));
    assertTrue(
        model
            .chat(List.of(ChatMessage.user("When?")), date)
            .answer()
            .text()
            .matches("[0-9]{4}-[0-9]{2}"));
    AnswerOptions grammar = wild.withFormat(new AnswerFormat.Gbnf("root ::= \"yes\" | \"no\""));
    assertTrue(model.complete("So?", grammar).answer().text().matches("yes|no"));
    AnswerOptions broken = wild.withFormat(new AnswerFormat.Regex("("));
    assertThrows(ConstraintException.class, () -> model.complete("So?", broken));
  }

  @Test
  void cancelsFromAnyThread() throws Exception {
    AnswerStream stream = model.complete(STORY, AnswerOptions.greedy().withMaxTokens(100_000));
    assertTrue(stream.hasNext());
    Thread other = new Thread(stream::cancel);
    other.start();
    other.join();
    Answer answer = stream.answer();
    assertEquals(FinishReason.CANCELLED, answer.finish());
    assertNotEquals("", answer.text());
  }

  @Test
  void anInterruptEndsTheAnswerAndStays() {
    AnswerStream stream = model.complete(STORY, SHORT);
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, stream::answer);
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatACallbackThrowsEndsTheAnswer() {
    AnswerStream stream = model.complete(STORY, SHORT);
    UnsupportedOperationException thrown = new UnsupportedOperationException();
    assertEquals(
        thrown,
        assertThrows(
            UnsupportedOperationException.class,
            () ->
                stream.forEachText(piece -> {
                  throw thrown;
                })));
  }

  @Test
  void refusesWhatItCannotDo() {
    String tooLong = STORY.repeat(model.context());
    PromptTooLongException refusal =
        assertThrows(PromptTooLongException.class, () -> model.complete(tooLong, SHORT));
    assertEquals(model.context(), refusal.context());
    assertTrue(refusal.tokens() > model.context());
    assertThrows(PromptTooLongException.class, () -> model.embed(tooLong));
    AnswerOptions tools =
        SHORT.withTools(List.of(new Tool("f", "", Tool.NO_PARAMETERS)), new ToolChoice.Auto());
    assertThrows(IllegalArgumentException.class, () -> model.complete(STORY, tools));
    AnswerOptions both = tools.withFormat(new AnswerFormat.Regex("[0-9]+"));
    assertThrows(
        IllegalArgumentException.class, () -> model.chat(List.of(ChatMessage.user("x")), both));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withMaxTokens(-1));
    assertThrows(IOException.class, () -> LocalModel.open("nobody/knows-this"));
    assertThrows(IOException.class, () -> LocalModel.open("./no-such-file.gguf"));
  }

  @Test
  void aModelWithoutATokenizerIsNoneForTexts(@TempDir Path folder) throws Exception {
    Path file = TestModels.powerInfer(folder, TensorFormats.F32);
    assertThrows(
        UnsupportedModelException.class,
        () ->
            LocalModel.open(
                file, EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(1)));
  }

  @Test
  void countsTokensAndEmbeds() {
    int one = model.countTokens(STORY);
    assertTrue(one > 1 && one <= STORY.length());
    assertTrue(model.countTokens(List.of(ChatMessage.user(STORY))) >= one);
    float[] vector = model.embed(STORY);
    assertEquals(model.embeddingSize(), vector.length);
    double squares = 0;
    for (float x : vector) {
      squares += x * x;
    }
    assertEquals(1, squares, 1e-5);
  }

  @Test
  void closingEndsAnswers() throws Exception {
    LocalModel own =
        LocalModel.open(
            "default", EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(1));
    AnswerStream stream = own.complete(STORY, AnswerOptions.greedy());
    own.close();
    assertThrows(GenerationException.class, stream::answer);
    assertThrows(IllegalStateException.class, () -> own.complete(STORY, SHORT));
  }
}
