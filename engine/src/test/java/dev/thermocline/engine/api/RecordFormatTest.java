package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.models.template.ChatMessage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  enum Course {
    STARTER,
    MAIN,
    DESSERT
  }

  record Ingredient(@Property(maxLength = 8) String name, Optional<Integer> grams) {}

  record Recipe(
      @Property(value = "what it is called", minLength = 1, maxLength = 12) String title,
      Course course,
      @Property(minimum = 1, maximum = 9) int people,
      boolean vegan,
      @Property(minimum = 0, maximum = 5) double stars,
      @Property(minItems = 1, maxItems = 3) List<Ingredient> ingredients) {}

  record Tree(byte value, @Property(maxItems = 2) List<Tree> children) {}

  record Numbers(byte a, Short b, int c, Long d, float e, Double f, Map<String, Integer> g) {}

  record Strict(@Property(minimum = 0, maximum = 1) int even) {
    Strict {
      if (even % 2 != 0) {
        throw new IllegalArgumentException("odd");
      }
    }
  }

  record Unknown(Object anything) {}

  record Nested(List<Optional<String>> items) {}

  record Empty() {}

  @Test
  void writesTheSchema() {
    assertEquals(
        "{\"$ref\":\"#/$defs/Recipe\",\"$defs\":{\"Recipe\":{\"type\":\"object\",\"properties\":{"
            + "\"title\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":12,"
            + "\"description\":\"what it is called\"},"
            + "\"course\":{\"type\":\"string\",\"enum\":[\"STARTER\",\"MAIN\",\"DESSERT\"]},"
            + "\"people\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9},"
            + "\"vegan\":{\"type\":\"boolean\"},"
            + "\"stars\":{\"type\":\"number\",\"minimum\":0,\"maximum\":5},"
            + "\"ingredients\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/Ingredient\"},"
            + "\"minItems\":1,\"maxItems\":3}},"
            + "\"required\":[\"title\",\"course\",\"people\",\"vegan\",\"stars\",\"ingredients\"],"
            + "\"additionalProperties\":false},"
            + "\"Ingredient\":{\"type\":\"object\",\"properties\":{"
            + "\"name\":{\"type\":\"string\",\"maxLength\":8},"
            + "\"grams\":{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647}},"
            + "\"required\":[\"name\"],\"additionalProperties\":false}}}",
        RecordFormat.of(Recipe.class).schema());
    assertEquals(
        "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}",
        RecordFormat.of(Empty.class).schema());
  }

  @Test
  void readsValues() {
    Recipe soup =
        RecordFormat.of(Recipe.class)
            .parse(
                "{\"title\":\"Soup\",\"course\":\"STARTER\",\"people\":4,\"vegan\":true,"
                    + "\"stars\":4.5,\"ingredients\":[{\"name\":\"water\",\"grams\":1e3},"
                    + "{\"name\":\"salt\",\"grams\":null},{\"name\":\"peas\"}]}");
    assertEquals(
        new Recipe(
            "Soup",
            Course.STARTER,
            4,
            true,
            4.5,
            List.of(
                new Ingredient("water", Optional.of(1000)),
                new Ingredient("salt", Optional.empty()),
                new Ingredient("peas", Optional.empty()))),
        soup);
    assertEquals(
        new Numbers((byte) -1, (short) 2, 3, 4L, 0.5f, 1e20, Map.of("x", 7)),
        RecordFormat.of(Numbers.class)
            .parse("{\"a\":-1,\"b\":2,\"c\":3,\"d\":4,\"e\":0.5,\"f\":1e20,\"g\":{\"x\":7}}"));
    assertEquals(
        new Tree((byte) 1, List.of(new Tree((byte) 2, List.of()))),
        RecordFormat.of(Tree.class)
            .parse("{\"value\":1,\"children\":[{\"value\":2,\"children\":[]}]}"));
    assertEquals(new Empty(), RecordFormat.of(Empty.class).parse("{}"));
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    RecordFormat<Recipe> recipes = RecordFormat.of(Recipe.class);
    refuses("Recipe.title: expected a value, found none", () -> recipes.parse("{}"));
    refuses("Recipe.title: expected a string, found 1", () -> recipes.parse("{\"title\":1}"));
    refuses(
        "Recipe.course: expected one of [STARTER, MAIN, DESSERT], found \"SNACK\"",
        () -> recipes.parse("{\"title\":\"a\",\"course\":\"SNACK\"}"));
    refuses("expected JSON", () -> recipes.parse("{\"title\":"));
    refuses(
        "Tree.value: expected a number of its type, found 300",
        () -> RecordFormat.of(Tree.class).parse("{\"value\":300,\"children\":[]}"));
    refuses(
        "Strict: the record refuses the values: odd",
        () -> RecordFormat.of(Strict.class).parse("{\"even\":1}"));
    refuses("Unknown.anything: expected", () -> RecordFormat.of(Unknown.class));
    refuses("Nested.items: expected", () -> RecordFormat.of(Nested.class));
  }

  private static void refuses(String message, org.junit.jupiter.api.function.Executable what) {
    String said = String.valueOf(assertThrows(IllegalArgumentException.class, what).getMessage());
    assertTrue(said.contains(message), said);
  }

  @Test
  void everyAnswerIsARecord() throws IOException {
    try (LocalModel model =
        LocalModel.open(
            "default", EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(2))) {
      RecordFormat<Recipe> format = RecordFormat.of(Recipe.class);
      for (int seed = 0; seed < 10; seed++) {
        AnswerOptions wild =
            AnswerOptions.greedy()
                .withSampling(SamplingParams.builder().temperature(1.5f).seed(seed).build());
        Recipe recipe =
            format.parse(
                model
                    .chat(List.of(ChatMessage.user("A soup.")), wild.withFormat(format.format()))
                    .answer());
        assertTrue(recipe.people() >= 1 && recipe.people() <= 9, recipe.toString());
        assertTrue(recipe.stars() >= 0 && recipe.stars() <= 5, recipe.toString());
        assertTrue(!recipe.title().isEmpty() && !recipe.ingredients().isEmpty());
      }
      Tree leaf = model.extract("A tree.", Tree.class, AnswerOptions.greedy().withMaxTokens(150));
      assertTrue(leaf.children().size() <= 2);
      AnswerOptions cut = AnswerOptions.greedy().withMaxTokens(3);
      Answer part =
          assertThrows(
                  IncompleteAnswerException.class, () -> model.extract("A tree.", Tree.class, cut))
              .answer();
      assertEquals(3, part.tokens());
    }
  }
}
