package dev.thermocline.kernels;

/** Which elements of a head form the pairs that rotary embedding turns. */
public enum RopeStyle {
  /** Neighbours: (0,1), (2,3) and so on, as in the paper (Su et al., RoFormer, 2021). */
  NORMAL,
  /** Halves of the rotated part: (0, r/2), (1, r/2 + 1) and so on, as in GPT-NeoX. */
  NEOX
}
