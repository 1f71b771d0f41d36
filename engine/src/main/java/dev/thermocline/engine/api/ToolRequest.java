package dev.thermocline.engine.api;

/**
 * A model's wish to have a tool called.
 *
 * @param id of this call; the result is given back with it
 * @param name of the tool
 * @param arguments a JSON object as the tool's schema wants it
 * @since 0.1
 */
public record ToolRequest(String id, String name, String arguments) {}
