package dev.thermocline.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No method of ours takes or returns a vector, so that none becomes an object at a call which C2
 * does not inline, as it does not while it knows little about the callee.
 */
class NoVectorCallsTest {
  @Test
  void vectorsStayInTheirMethods() throws Exception {
    List<String> found = new ArrayList<>();
    List<ClassModel> classes = classes();
    for (ClassModel one : classes) {
      for (MethodModel method : one.methods()) {
        if (method.methodType().stringValue().contains("jdk/incubator/vector/")
            && !method.methodName().stringValue().startsWith("lambda$")) {
          found.add(one.thisClass().name() + "." + method.methodName());
        }
      }
    }
    assertTrue(classes.size() > 40, "only " + classes.size() + " classes");
    assertEquals(List.of(), found);
  }

  private static List<ClassModel> classes() throws Exception {
    Path own =
        Path.of(Objects.requireNonNull(Lanes.class.getResource("Lanes.class")).toURI()).getParent();
    try (Stream<Path> files = Files.list(own)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(NoVectorCallsTest::parse)
          .toList();
    }
  }

  private static ClassModel parse(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
