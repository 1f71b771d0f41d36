// Contract between the emulated driver and a kernel file compiled for the host. The driver exports
// the functions; a module links against it and exports emu_module.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emu {

constexpr int kModuleAbi = 2;

struct Index {
  unsigned x, y, z;
};

// What all threads of the running block share.
struct BlockShape {
  Index block, block_size, grid_size;
  void* dynamic_shared;
};

// What a kernel can see of the thread that runs it.
struct Thread {
  Index index;
  unsigned lane;
  const BlockShape* shape;
};

// Values that the lanes of a mask brought to a collective; bit l of `lanes` says that lane l came.
struct Exchange {
  uint64_t values[32];
  uint32_t lanes;
};

// Kinds of collectives. Lanes that meet must have come for the same.
enum class Collective : unsigned { kShuffle, kShuffleXor, kShuffleUp, kShuffleDown, kSync, kVote };

struct Kernel {
  const char* name;
  void (*call)(void (*function)(), void** arguments);
  void (*function)();
  int parameters;
  const unsigned* sizes;
};

struct Module {
  int abi;
  const Kernel* kernels;
  int count;
  char* shared;  // all static shared memory of the module
  size_t shared_bytes;
};

}  // namespace emu

#pragma GCC visibility push(default)
extern "C" {
extern emu::Thread* emu_thread;  // the one that runs now
// Waits for the block. The low 32 bits count the threads whose predicate was true, the high 32 all.
uint64_t emu_barrier(bool predicate);
// Waits for the live lanes of the mask; the answer is valid until this thread's next collective.
const emu::Exchange* emu_exchange(unsigned mask, emu::Collective kind, uint64_t value);
unsigned emu_active_lanes();
// Ends the kernel with a message; does not return.
void emu_fail(const char* reason);
const emu::Module* emu_module();
}
#pragma GCC visibility pop
