/** What neurons and inputs did on a text: counts, energies, samples, histograms of scores. */
package dev.thermocline.predictor.profile;
