/**
 * Which neurons live in device memory. The engine says what everything takes and gets a plan whose
 * reservations add up to what it will allocate:
 *
 * <pre>{@code
 * MemoryBudget budget = new MemoryBudget(vramBytes);
 * NeuronPlacement placement =
 *     new PlacementSolver(machine, 32).plan(footprint, profile, budget);
 * }</pre>
 */
package dev.thermocline.predictor.placement;
