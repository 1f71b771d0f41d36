// Switching between stacks, by hand: a system's own functions also save the signal mask, which costs
// more than all the rest.
#pragma once

extern "C" {
// Saves the callee-saved registers on the stack, stores the stack pointer, continues at the other.
void emu_switch(void** save, void* to);
// Where a new stack begins; written by whoever switches to it.
void emu_fiber_main();
}

// A stack, given by its highest address, as emu_switch expects it; it continues at emu_fiber_main.
void* emu_first_frame(char* stack);
