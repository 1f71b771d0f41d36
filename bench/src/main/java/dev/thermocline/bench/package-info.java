/**
 * Measures kernels and decoding with JMH, and compares what they read with what the machine can.
 */
@NullMarked
package dev.thermocline.bench;

import org.jspecify.annotations.NullMarked;
