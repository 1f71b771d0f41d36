package dev.thermocline.server.models;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A model that can be served.
 *
 * @param id by which clients name it
 * @param path its file
 * @param bytes of all its files
 * @param created when it came
 */
public record ModelEntry(String id, Path path, long bytes, Instant created) {}
