package dev.thermocline.engine;

/**
 * What an engine computed together, step by step.
 *
 * @param sequences of which a step computed something
 * @param promptTokens that a step computed of prompts, in steps that computed any; of sequences
 *     that start again, their tokens count like a prompt
 */
public record BatchStatistics(StepCounts sequences, StepCounts promptTokens) {}
