package dev.thermocline.kernels.cuda;

/**
 * One {@code .param} of a kernel.
 *
 * @param type PTX type without the dot, such as {@code u64}; {@code b8} for structures
 * @param bytes size of the whole parameter
 */
public record PtxParameter(String type, int bytes) {

  /** Whether a launch may set it as {@code argument}. */
  boolean accepts(ArgumentType argument) {
    boolean isFloat = type.charAt(0) == 'f';
    return bytes == argument.bytes()
        && !type.equals("b8")
        && isFloat == (argument == ArgumentType.FLOAT);
  }

  @Override
  public String toString() {
    return type.equals("b8") ? "b8[" + bytes + "]" : type;
  }
}
