package dev.thermocline.kernels.cuda;

/** Where the parts of a scratch plan lie for a tile of tokens. */
final class ScratchOffsets {
  final long values;
  final long list;
  final long starts;
  final long partial;
  final long masks;
  final long quants;
  final long quantScales;
  final long factors;
  final long wideRows;
  private final long bytes;

  ScratchOffsets(ScratchPlan plan, int tile) {
    DeviceLayout layout = new DeviceLayout();
    values = layout.add(tile * plan.values());
    list = layout.add(tile * plan.values());
    starts = layout.add(tile * plan.starts());
    partial = layout.add(tile * plan.partial());
    masks = layout.add(tile * plan.mask());
    quants = layout.add(tile * plan.quants());
    // A float for every 32 quants.
    quantScales = layout.add(tile * plan.quants() / 8);
    factors = layout.add(tile * plan.factors());
    wideRows = layout.add(plan.wideRows());
    bytes = layout.bytes();
  }

  long bytes() {
    return bytes;
  }
}
