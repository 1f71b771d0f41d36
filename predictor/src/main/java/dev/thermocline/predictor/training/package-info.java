/**
 * Training of low-rank predictors from samples, on the CPU, in seconds a layer for small models.
 */
package dev.thermocline.predictor.training;
