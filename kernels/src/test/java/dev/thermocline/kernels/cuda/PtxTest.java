package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PtxTest {

  private static final String HEADER = ".version 7.0\n.target sm_75\n.address_size 64\n";

  private static PtxKernel only(String text) {
    Ptx ptx = Ptx.parse("test", HEADER + text);
    assertEquals(1, ptx.kernels().size());
    return ptx.kernels().values().iterator().next();
  }

  @Test
  void readsEveryFormOfParameter() {
    PtxKernel kernel =
        only(
            """
            // .entry commented(
            .visible .entry all_of_them(
            	.param .u64 .ptr .align 1 a, .param .u32 b, /* .param .u8 c, */
            	.param .f32 d,
            	.param .align 8 .b8 e[24]
            )
            .maxntid 256, 1, 1
            { ld.param.u64 %rd1, [a]; ret; }
            """);
    assertEquals("all_of_them", kernel.name());
    assertEquals(
        List.of(
            new PtxParameter("u64", 8),
            new PtxParameter("u32", 4),
            new PtxParameter("f32", 4),
            new PtxParameter("b8", 24)),
        kernel.parameters());
    assertEquals("[u64, u32, f32, b8[24]]", kernel.parameters().toString());
  }

  @Test
  void readsKernelsWithoutParameters() {
    assertEquals(List.of(), only(".entry nothing() { ret; }").parameters());
    assertEquals(List.of(), only(".entry nothing { ret; }").parameters());
  }

  @Test
  void structuresMatchNoArgument() {
    PtxKernel kernel = only(".entry k(.param .align 4 .b8 p[8]) { ret; }");
    for (ArgumentType type : ArgumentType.values()) {
      assertThrows(IllegalArgumentException.class, () -> kernel.check(List.of(type)));
    }
  }

  @Test
  void refusesOtherText() {
    assertThrows(IllegalArgumentException.class, () -> Ptx.parse("x", "int main() {}"));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ptx.parse("x", HEADER + ".entry k(.reg .u32 r) { ret; }"));
    assertEquals("k: expected a .param declaration, found .reg .u32 r", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Ptx.resource("no such family"));
  }
}
