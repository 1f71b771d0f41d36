// Threads of a block as fibers: each runs until it waits at a barrier or a collective, so both have
// their exact meaning, and the order in which threads take turns is ours to choose.
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <random>

#include "context.h"
#include "driver.h"

emu::Thread* emu_thread;

namespace emu {
namespace {

constexpr size_t kStackBytes = 64 * 1024;
constexpr size_t kGuardBytes = 4096;

enum class State : uint8_t { kReady, kAtBarrier, kAtCollective, kDone };

struct Snapshot {
  Exchange exchange;
  int readers;
};

struct Fiber : Thread {
  unsigned warp;
  State state;
  Collective kind;
  unsigned mask;
  uint64_t value;      // brought to a collective, or taken from a barrier
  Snapshot* snapshot;  // of its last collective
  char* stack;         // highest address, while it has one
  void* sp;
};

// The block that runs; there is one at a time.
struct Block {
  const Launch* launch;
  BlockShape shape;
  std::vector<Fiber> fibers;
  std::vector<unsigned> order;
  std::vector<unsigned> live_lanes;  // by warp
  std::vector<char*> free_stacks;
  std::vector<Snapshot*> free_snapshots;
  std::mt19937 random;
  void* scheduler_sp;
  unsigned size, live, arrived, predicates;
  std::string failure;
  Result error;
};
Block block;
pthread_t kernel_thread;

Fiber* current() { return static_cast<Fiber*>(emu_thread); }

void yield(Fiber* fiber) { emu_switch(&fiber->sp, block.scheduler_sp); }

// The tops are staggered: at equal offsets all stacks would fall into the same cache sets.
char* new_stack() {
  static unsigned made = 0;
  size_t bytes = kStackBytes + kGuardBytes;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fprintf(stderr, "emulated CUDA driver: no memory for a thread's stack\n");
    abort();
  }
  mprotect(memory, kGuardBytes, PROT_NONE);
  return static_cast<char*>(memory) + bytes - 64 - made++ * 448 % 8192;
}

// Last in, first out: a kernel that never waits runs all its threads on one warm stack.
char* take_stack() {
  if (block.free_stacks.empty()) {
    return new_stack();
  }
  char* stack = block.free_stacks.back();
  block.free_stacks.pop_back();
  return stack;
}

void give_stack_back(Fiber* fiber) {
  block.free_stacks.push_back(fiber->stack);
  fiber->sp = nullptr;
}

void drop_snapshot(Fiber* fiber) {
  Snapshot* snapshot = fiber->snapshot;
  fiber->snapshot = nullptr;
  if (snapshot && --snapshot->readers == 0) {
    block.free_snapshots.push_back(snapshot);
  }
}

Snapshot* take_snapshot() {
  if (block.free_snapshots.empty()) {
    return new Snapshot;
  }
  Snapshot* snapshot = block.free_snapshots.back();
  block.free_snapshots.pop_back();
  return snapshot;
}

void release_barrier() {
  uint64_t counts = uint64_t(block.arrived) << 32 | block.predicates;
  for (unsigned i = 0; i < block.size; i++) {
    Fiber& fiber = block.fibers[i];
    if (fiber.state == State::kAtBarrier) {
      fiber.state = State::kReady;
      fiber.value = counts;
    }
  }
  block.arrived = 0;
  block.predicates = 0;
}

void fail(Fiber* fiber, Result error, const char* reason) {
  if (block.failure.empty()) {
    char text[400];
    const Index& b = block.shape.block;
    snprintf(text, sizeof text, "%s, block (%u,%u,%u), thread (%u,%u,%u): %s",
             block.launch->kernel->name, b.x, b.y, b.z, fiber->index.x, fiber->index.y,
             fiber->index.z, reason);
    block.failure = text;
    block.error = error;
  }
}

// Lets the group go that this fiber waits with, if all of it has come. A lane that waits with
// another mask may still have business within a smaller group; if not, a deadlock is reported.
void try_release(Fiber* fiber) {
  unsigned group = fiber->mask & block.live_lanes[fiber->warp];
  Fiber* lanes = &block.fibers[fiber->warp * 32];
  for (unsigned rest = group; rest; rest &= rest - 1) {
    Fiber& other = lanes[__builtin_ctz(rest)];
    if (other.state != State::kAtCollective || other.mask != fiber->mask) {
      return;
    }
    if (other.kind != fiber->kind) {
      fail(fiber, kLaunchFailed, "lanes of one mask meet at different collectives");
      return;
    }
  }
  Snapshot* snapshot = take_snapshot();
  snapshot->readers = __builtin_popcount(group);
  snapshot->exchange.lanes = group;
  for (unsigned rest = group; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    snapshot->exchange.values[lane] = lanes[lane].value;
    lanes[lane].snapshot = snapshot;
    lanes[lane].state = State::kReady;
  }
}

void exit_fiber(Fiber* fiber) {
  drop_snapshot(fiber);
  fiber->state = State::kDone;
  block.live--;
  block.live_lanes[fiber->warp] &= ~(1u << fiber->lane);
  if (block.arrived && block.arrived == block.live) {
    release_barrier();
  }
  // The lanes that are left may have waited for this one only.
  unsigned end = std::min(block.size, fiber->warp * 32 + 32);
  for (unsigned i = fiber->warp * 32; i < end; i++) {
    if (block.fibers[i].state == State::kAtCollective) {
      try_release(&block.fibers[i]);
    }
  }
}

void start_block(const Launch& launch, const BlockShape& shape) {
  unsigned size = launch.block.x * launch.block.y * launch.block.z;
  if (block.fibers.size() < size) {
    block.fibers.resize(size);
  }
  block.launch = &launch;
  block.shape = shape;
  block.size = block.live = size;
  block.arrived = block.predicates = 0;
  block.failure.clear();
  block.live_lanes.assign((size + 31) / 32, ~0u);
  if (size % 32) {
    block.live_lanes.back() = (1u << size % 32) - 1;
  }
  Index at = {0, 0, 0};
  for (unsigned i = 0; i < size; i++) {
    Fiber& fiber = block.fibers[i];
    static_cast<Thread&>(fiber) = {at, i % 32, &block.shape};
    fiber.warp = i / 32;
    fiber.state = State::kReady;
    fiber.snapshot = nullptr;
    fiber.sp = nullptr;
    if (++at.x == launch.block.x) {
      at.x = 0;
      if (++at.y == launch.block.y) {
        at.y = 0;
        at.z++;
      }
    }
  }
  block.order.resize(size);
  for (unsigned i = 0; i < size; i++) {
    block.order[i] = settings.order == Order::kReverse ? size - 1 - i : i;
  }
}

// Whether any fiber could run.
bool take_turns() {
  bool progress = false;
  if (settings.order == Order::kRandom) {
    std::shuffle(block.order.begin(), block.order.end(), block.random);
  }
  for (unsigned i : block.order) {
    Fiber& fiber = block.fibers[i];
    if (fiber.state != State::kReady) {
      continue;
    }
    if (!fiber.sp) {
      fiber.stack = take_stack();
      fiber.sp = emu_first_frame(fiber.stack);
    }
    progress = true;
    emu_thread = &fiber;
    emu_switch(&block.scheduler_sp, fiber.sp);
    emu_thread = nullptr;
    if (!block.failure.empty()) {
      return true;
    }
    if (fiber.state == State::kDone) {
      give_stack_back(&fiber);
    }
  }
  return progress;
}

void report_deadlock() {
  unsigned at_barrier = 0, at_collective = 0;
  Fiber* first = nullptr;
  for (unsigned i = 0; i < block.size; i++) {
    Fiber& fiber = block.fibers[i];
    at_barrier += fiber.state == State::kAtBarrier;
    at_collective += fiber.state == State::kAtCollective;
    if (!first && fiber.state != State::kDone) {
      first = &fiber;
    }
  }
  char text[200];
  snprintf(text, sizeof text,
           "deadlock: %u threads wait at __syncthreads, %u at a collective of their warp%s, %u "
           "have exited",
           at_barrier, at_collective, at_collective ? " for lanes that never come" : "",
           block.size - block.live);
  fail(first, kLaunchFailed, text);
}

// After a failure fibers stop in the middle and are never resumed.
void clean_up() {
  for (unsigned i = 0; i < block.size; i++) {
    Fiber& fiber = block.fibers[i];
    if (fiber.sp) {
      drop_snapshot(&fiber);
      give_stack_back(&fiber);
    }
  }
}

}  // namespace

std::string run_block(const Launch& launch, const BlockShape& shape, bool first,
                      Result* error) {
  kernel_thread = pthread_self();
  start_block(launch, shape);
  if (first) {
    block.random.seed(settings.seed);
  }
  while (block.live && block.failure.empty()) {
    if (!take_turns()) {
      report_deadlock();
    }
  }
  if (!block.failure.empty()) {
    clean_up();
    *error = block.error;
  }
  return block.failure;
}

bool in_kernel() { return emu_thread && pthread_equal(pthread_self(), kernel_thread); }

void abandon_thread(Result error, const char* reason) {
  fail(current(), error, reason);
  yield(current());
  __builtin_unreachable();  // the scheduler never returns to a failed block
}

}  // namespace emu

using namespace emu;

extern "C" void emu_fiber_main() {
  const Launch* launch = block.launch;
  launch->kernel->call(launch->kernel->function, const_cast<void**>(launch->arguments.data()));
  exit_fiber(current());
  yield(current());
  __builtin_trap();
}

EXPORT uint64_t emu_barrier(bool predicate) {
  Fiber* fiber = current();
  fiber->state = State::kAtBarrier;
  block.predicates += predicate;
  if (++block.arrived == block.live) {
    release_barrier();
  }
  // Even the last one goes back in line: running on at once would hide races.
  yield(fiber);
  return fiber->value;
}

EXPORT const Exchange* emu_exchange(unsigned mask, Collective kind, uint64_t value) {
  Fiber* fiber = current();
  drop_snapshot(fiber);
  if (!(mask >> fiber->lane & 1)) {
    abandon_thread(kLaunchFailed, "a lane calls a collective whose mask leaves it out");
  }
  fiber->mask = mask;
  fiber->kind = kind;
  fiber->value = value;
  fiber->state = State::kAtCollective;
  try_release(fiber);
  yield(fiber);
  return &fiber->snapshot->exchange;
}

EXPORT unsigned emu_active_lanes() { return block.live_lanes[current()->warp]; }

EXPORT void emu_fail(const char* reason) { abandon_thread(kLaunchFailed, reason); }
