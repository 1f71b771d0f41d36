/**
 * The overlay: what calibration knows of a model, kept beside it. This package knows its meaning;
 * the engine, which knows GGUF, writes and reads the container:
 *
 * <pre>{@code
 * EncodedOverlay encoded = OverlayCodec.encode(overlay);     // to metadata and tensors, then GGUF
 * Overlay overlay = OverlayCodec.decode(encoded, digest);    // from GGUF; checks everything
 * }</pre>
 */
package dev.thermocline.predictor.overlay;
