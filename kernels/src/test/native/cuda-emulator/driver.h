// What the parts of the emulated driver know of each other.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cuda_abi.h"
#include "module_abi.h"
#include "settings.h"

namespace emu {

// One caller at a time is inside the driver, kernels included: that is what makes the rest simple.
extern std::recursive_mutex driver_lock;
struct Guard {
  std::lock_guard<std::recursive_mutex> lock{driver_lock};
};

// ---- kernels (launch.cpp, fibers.cpp)

struct Launch {
  const Module* module;
  const Kernel* kernel;
  Index grid, block;
  unsigned dynamic_bytes;
  std::vector<std::max_align_t> storage;
  std::vector<void*> arguments;
};
Result run_launch(const Launch& launch);
// Runs one block, the first of a launch or not; the reason why it failed, or an empty text.
std::string run_block(const Launch& launch, const BlockShape& shape, bool first,
                      Result* error);
// For the handler of memory faults: whether this thread is running a kernel, and the way out of it.
bool in_kernel();
[[noreturn]] void abandon_thread(Result error, const char* reason);

// ---- memory (memory.cpp)

enum class MemoryKind { kDevice, kPinned };
enum class Direction { kToDevice, kToHost, kOnDevice };
// A range that a kernel or a copy may use, of either kind.
bool device_visible(uintptr_t address, size_t bytes);
bool pinned(uintptr_t address, size_t bytes);
// What lies at or near an address, for messages.
void describe_address(uintptr_t address, char* text, size_t size);
void catch_memory_faults();

// ---- streams (streams.cpp)

using Work = std::function<Result()>;

struct Graph {
  std::vector<Work> work;
};

struct Stream;
// Runs work now, later or as a part of a capture, as stream and mode have it.
Result enqueue(Stream* stream, Work work);
bool capturing(const Stream* stream);
// Runs everything that waits, in all streams or in one.
void drain_all();
void drain(Stream* stream);
// Whether a capture forbids this thread to wait and to allocate.
bool capture_forbids();

// ---- modules (modules.cpp)

struct Function {
  const Module* module;
  const Kernel* kernel;
  int max_dynamic_bytes = 48 * 1024;
};

int max_shared_bytes();

// Success, or why the call may not go on: not initialised, no context, or a kernel has failed.
Result entry_check();

}  // namespace emu
