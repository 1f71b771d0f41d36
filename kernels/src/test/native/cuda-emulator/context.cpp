#include "context.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
// A jump instead of a return: the processor's prediction of returns would be wrong every time.
asm(R"(
.text
.globl emu_switch
.hidden emu_switch
.type emu_switch, @function
emu_switch:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  pop %rcx
  jmp *%rcx
)");
#elif defined(__aarch64__)
asm(R"(
.text
.globl emu_switch
.hidden emu_switch
.type emu_switch, %function
emu_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
)");
#else
#error "the emulated CUDA driver runs on x86-64 and aarch64"
#endif

void* emu_first_frame(char* stack) {
  char* top = reinterpret_cast<char*>(reinterpret_cast<uintptr_t>(stack) & ~uintptr_t(63));
#if defined(__x86_64__)
  // Six registers, the target and one more word: a function is entered at 8 modulo 16.
  void** frame = reinterpret_cast<void**>(top) - 8;
  memset(frame, 0, 64);
  frame[6] = reinterpret_cast<void*>(&emu_fiber_main);
#else
  void** frame = reinterpret_cast<void**>(top - 176);
  memset(frame, 0, 176);
  frame[11] = reinterpret_cast<void*>(&emu_fiber_main);
#endif
  return frame;
}
