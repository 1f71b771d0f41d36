package dev.thermocline.engine.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the values of a record's component may be, of an answer or of a tool's arguments. What is
 * said of lengths and bounds is enforced.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Property {
  /** What it means, for the model. */
  String value() default "";

  /** Fewest characters of a string. */
  int minLength() default 0;

  /** Most characters of a string. */
  int maxLength() default Integer.MAX_VALUE;

  /** A regular expression that occurs in the string; empty for any string. */
  String pattern() default "";

  /** Smallest number. */
  double minimum() default Double.NEGATIVE_INFINITY;

  /** Largest number. */
  double maximum() default Double.POSITIVE_INFINITY;

  /** Fewest items of a list. */
  int minItems() default 0;

  /** Most items of a list. */
  int maxItems() default Integer.MAX_VALUE;
}
