// What tests set, count and break, at run time, through the functions of control.cpp.
#pragma once

#include <atomic>
#include <string>

#include "cuda_abi.h"

namespace emu {

enum class Order { kForward, kReverse, kRandom };  // of the threads of a block, and of blocks
enum class Mode { kEager, kLazy };                 // lazy: work runs when something waits for it

struct Settings {
  Order order = Order::kForward;
  unsigned seed = 1;
  Mode mode = Mode::kEager;
  size_t memory_bytes = size_t(1) << 30;
  int devices = 1;
  int driver_version = 12060;
  int compute_capability = 89;
};
extern Settings settings;

struct Counters {
  long launches, graph_launches, synchronizations, copies, to_device_bytes, to_host_bytes,
      on_device_bytes, pageable_copies, live_device_bytes, live_device_allocations,
      live_pinned_allocations, live_streams, live_events, live_modules, live_graphs;
};
extern Counters counters;

// Calls that can be made to fail; the others make streams, events, modules and graphs, record
// events and make streams wait.
enum class Fault { kAllocation, kCopy, kLaunch, kSynchronization, kOther, kAny, kCount };

// Counts a call of that kind; the error it must return, or success.
Result planned_fault(Fault kind);

// Sets the message that tests can read, and returns the error for convenience.
Result complain(Result error, const char* format, ...) __attribute__((format(printf, 2, 3)));

// An error of a kernel: every later call returns it, as on a device.
extern Result device_error;

// Back to the state before anything was set, counted or broken. What is alive stays counted.
void reset_settings();

}  // namespace emu
