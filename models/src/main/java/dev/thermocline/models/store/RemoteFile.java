package dev.thermocline.models.store;

import org.jspecify.annotations.Nullable;

/**
 * A file of a repository, as the Hub lists it.
 *
 * @param size in bytes; -1 if unknown
 * @param sha256 of the content in lower-case hex; null if unknown
 */
record RemoteFile(String path, long size, @Nullable String sha256) {}
