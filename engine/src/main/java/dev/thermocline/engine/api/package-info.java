/**
 * The library's front door: a language model inside a Java program, in a few lines.
 *
 * <p>{@link dev.thermocline.engine.api.LocalModel} opens a model and answers; {@link
 * dev.thermocline.engine.api.AnswerStream} is an answer under way, to be waited for, iterated,
 * called back or published; {@link dev.thermocline.engine.api.ChatSession} remembers what was said
 * and calls {@link dev.thermocline.engine.api.JavaTool}s; {@link
 * dev.thermocline.engine.api.RecordFormat} makes answers Java records; {@link
 * dev.thermocline.engine.api.ActivityListener} shows which neurons work.
 *
 * <p>This package and the types that its signatures name are the stable surface, under semantic
 * versioning; a test holds the build to it. Other packages may change in any version.
 *
 * @since 0.1
 */
package dev.thermocline.engine.api;
