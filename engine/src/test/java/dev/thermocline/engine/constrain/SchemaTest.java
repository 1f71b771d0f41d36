package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
  private static final PieceTokenizer BYTES = PieceTokenizer.bytesAnd(List.of());
  private static final Constraints CONSTRAINTS = Constraints.of(BYTES, BYTES.size());

  private static boolean allows(String schema, String text) {
    return RegexTest.matches(CONSTRAINTS.jsonSchema(schema), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"integer\",\"minimum\":-3,\"maximum\":12}; -3; -4",
        "{\"type\":\"integer\",\"minimum\":-3,\"maximum\":12}; 12; 13",
        "{\"type\":\"integer\",\"exclusiveMinimum\":9,\"maximum\":1000}; 10; 9",
        "{\"type\":\"integer\",\"minimum\":95,\"maximum\":105}; 100; 106",
        "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":1}; 707; 708",
        "{\"type\":\"number\",\"exclusiveMinimum\":0.25,\"maximum\":1.5}; 0.2500001; 0.25",
        "{\"type\":\"number\",\"exclusiveMinimum\":0.25,\"maximum\":1.5}; 1.50; 1.501",
        "{\"type\":\"number\",\"minimum\":-0.5,\"exclusiveMaximum\":0}; -0.4; 0",
        "{\"type\":\"number\",\"multipleOf\":0.05}; 12.35; 12.36",
        "{\"type\":\"number\"}; -1.5e-10; 01",
        "{\"type\":\"string\",\"minLength\":2,\"maxLength\":3}; \"\\ud83d\\ude00\\u00e9\"; \"a\"",
        "{\"type\":\"string\",\"maxLength\":2}; \"\\n\\\\\"; \"\\ud83d\"",
        "{\"type\":\"string\",\"pattern\":\"b+\"}; \"abbc\"; \"ac\"",
        "{\"type\":\"string\",\"pattern\":\"^a\\\"$\"}; \"a\\\"\"; \"a\"",
        "{\"type\":\"string\",\"format\":\"date\"}; \"2024-02-29\"; \"2023-02-29\"",
        "{\"enum\":[\"a\",1,null]}; null; \"b\"",
        "{\"const\":{\"a\":[1,2.50]}}; {\"a\":[1,2.5]}; {\"a\":[1]}",
        "{\"type\":[\"integer\",\"null\"]}; null; \"x\"",
        "{\"type\":\"string\",\"nullable\":true}; null; 1",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":1}; [1, 2]; []",
        "{\"type\":\"array\",\"maxItems\":0}; []; [1]",
        "{\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}; [1,null]; [1]",
        "{\"type\":\"array\",\"uniqueItems\":true,\"maxItems\":1}; [1]; [1,1]",
        "{\"properties\":{\"a\":{\"type\":\"integer\"}}}; {}; {\"b\":1}",
        "{\"minProperties\":1,\"maxProperties\":2}; {\"a\":1}; {}",
        "{\"properties\":{\"a\":true,\"b\":true},\"minProperties\":1}; {\"b\":1}; {}",
        "{\"properties\":{\"a\":true,\"b\":true},\"maxProperties\":1}; {\"b\":1};"
            + " {\"a\":1,\"b\":1}",
        "{\"required\":[\"a\"],\"additionalProperties\":{\"type\":\"null\"}}; {\"a\":null};"
            + " {\"a\":1}",
        "{\"properties\":{\"ab\":true},\"additionalProperties\":{\"type\":\"null\"}}; {\"a\":null};"
            + " {\"ab\":1,\"ab\":null}",
        "{\"properties\":{\"x1\":{\"minimum\":5}},\"patternProperties\":{\"^x\":{\"type\":\"integer\"}}};"
            + " {\"x1\":5,\"x2\":1}; {\"x1\":4}",
        "{\"allOf\":[{\"type\":\"integer\"},{\"minimum\":2},{\"maximum\":3}]}; 3; 4",
        "{\"type\":\"object\",\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}],\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}}};"
            + " {\"b\":2}; {}",
        "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}; 1; true",
        "{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":{\"type\":\"null\"}}}; null; 1",
        "true; [{\"a\":[]}]; [}",
      })
  void allowsWhatIsValid(String schema, String yes, String no) {
    assertTrue(allows(schema, yes), yes);
    assertFalse(allows(schema, no), no);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"properties\":{\"a\":{\"not\":{}}}}; schema, #/properties/a: the keyword not cannot be"
            + " enforced",
        "{\"if\":true}; schema, #: the keyword if cannot be enforced",
        "{\"type\":\"array\",\"uniqueItems\":true}; uniqueItems cannot be enforced for more than"
            + " one",
        "{\"type\":\"text\"}; schema, #: type: expected object, array",
        "{\"format\":\"iban\"}; schema, #: format: expected one of date,",
        "{\"pattern\":\"(?=a)\"}; schema, #: pattern, character 3",
        "{\"$ref\":\"http://x/y\"}; $ref: expected a pointer into this schema",
        "{\"$ref\":\"#/nothing\"}; #/nothing names nothing in this schema",
        "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}; schema, #: oneOf: expected"
            + " schemas",
        "{\"minLength\":\"3\"}; minLength: expected a number, got \"3\"",
        "{\"maximum\":1e999}; number 1e999: expected at most 200 digits",
        "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}; a finite text can satisfy",
        "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}; nothing satisfies #",
        "{\"$ref\":\"#\"}; a finite text can satisfy",
        "{\"a\":1,\"a\":2}; schema: expected JSON",
        "{\"type\":\"integer\",\"multipleOf\":1000003}; multipleOf: expected a step whose"
            + " multiples",
        "[]; expected an object, true or false, got []",
      })
  void whatCannotBeEnforcedIsRefusedByName(String schema, String problem) {
    ConstraintException refused =
        assertThrows(ConstraintException.class, () -> CONSTRAINTS.jsonSchema(schema));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(problem), message);
  }

  @Test
  void annotationsSayNothing() {
    assertTrue(
        allows(
            "{\"$schema\":\"x\",\"$id\":\"y\",\"title\":\"t\",\"description\":\"d\",\"default\":3,"
                + "\"examples\":[1],\"x-mine\":{},\"type\":\"null\"}",
            "null"));
  }

  @Test
  void whiteSpaceIsFreeButBounded() {
    String schema = "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"null\"}}}}";
    assertTrue(allows(schema, "{\"a\":[null,null]}"));
    assertTrue(allows(schema, "{ \"a\": [ null, null ] }"));
    assertTrue(allows(schema, "{\n    \"a\": [\n        null,\n\t\tnull\n    ]\n}"));
    assertFalse(allows(schema, "{\n\n\"a\":[]}"));
    assertFalse(allows(schema, "{  \"a\":[]}"));
    assertFalse(allows(schema, "{} "));
  }

  @Test
  void schemasHoldThemselves() {
    String list =
        "{\"$ref\":\"#/definitions/list\",\"definitions\":{\"list\":{\"type\":\"object\",\"properties\":"
            + "{\"value\":{\"type\":\"integer\"},\"next\":{\"anyOf\":[{\"type\":\"null\"},{\"allOf\":[{\"$ref\":\"#/definitions/list\"}],\"description\":\"the"
            + " rest\"}]}},\"required\":[\"value\",\"next\"]}}}";
    assertTrue(allows(list, "{\"value\":1,\"next\":{\"value\":2,\"next\":null}}"));
    assertFalse(allows(list, "{\"value\":1,\"next\":{\"value\":2}}"));
  }

  @Test
  void anyObject() {
    Constraint object = CONSTRAINTS.jsonObject();
    assertTrue(RegexTest.matches(object, "{\"a\": [1, {\"b\": \"\\u00e9\"}], \"c\": null}"));
    assertFalse(RegexTest.matches(object, "[1]"));
    assertEquals(object, CONSTRAINTS.jsonObject());
  }
}
