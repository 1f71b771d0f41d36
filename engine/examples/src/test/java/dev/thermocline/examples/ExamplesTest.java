package dev.thermocline.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Runs every example as its reader would. */
class ExamplesTest {

  /** A main method. */
  @FunctionalInterface
  private interface Program {
    void run(String[] args) throws Exception;
  }

  private static String output(Program program) throws Exception {
    PrintStream terminal = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      program.run(new String[0]);
    } finally {
      System.setOut(terminal);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void check(Program program, String expected) throws Exception {
    String text = output(program);
    assertTrue(text.contains(expected), text);
  }

  @Test
  void text() throws Exception {
    check(TextExample::main, "Once upon a time");
  }

  @Test
  void chat() throws Exception {
    check(ChatExample::main, "5 messages");
  }

  @Test
  void streaming() throws Exception {
    String[] lines = output(StreamingExample::main).lines().toArray(String[]::new);
    assertEquals(lines[0], lines[lines.length - 1]);
  }

  @Test
  void records() throws Exception {
    check(RecordExample::main, "Story[title=");
  }

  @Test
  void tools() throws Exception {
    check(ToolExample::main, "tool: ");
  }

  @Test
  void embeddings() throws Exception {
    check(EmbeddingExample::main, "It rained all night.");
  }

  @Test
  void activity() throws Exception {
    check(ActivityExample::main, "active");
  }
}
