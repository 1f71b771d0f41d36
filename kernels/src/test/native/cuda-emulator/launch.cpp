// Kernel launches: every block of the grid in turn.
#include <signal.h>
#include <sys/mman.h>

#include <cstring>
#include <vector>

#include "driver.h"

namespace emu {
namespace {

constexpr size_t kSharedBytes = 256 * 1024;
constexpr size_t kGuardPage = 4096;

// End of the dynamic shared memory, with a guard behind it: a kernel that writes past it faults.
char* shared_end() {
  static char* end = [] {
    void* memory = mmap(nullptr, kSharedBytes + kGuardPage, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* guard = static_cast<char*>(memory) + kSharedBytes;
    mprotect(guard, kGuardPage, PROT_NONE);
    return guard;
  }();
  return end;
}

// Memory faults are handled on a stack of their own, since one may be an overflow of a fiber's.
class SignalStack {
 public:
  SignalStack() {
    static std::vector<char> memory(64 * 1024);
    stack_t mine = {};
    mine.ss_sp = memory.data();
    mine.ss_size = memory.size();
    sigaltstack(&mine, &before_);
  }
  ~SignalStack() { sigaltstack(&before_, nullptr); }

 private:
  stack_t before_ = {};
};

long block_number(long turn, long blocks) {
  switch (settings.order) {
    case Order::kForward:
      return turn;
    case Order::kReverse:
      return blocks - 1 - turn;
    case Order::kRandom:
      return (turn + long(settings.seed) * 7919) % blocks;
  }
  return turn;
}

}  // namespace

Result run_launch(const Launch& launch) {
  if (device_error) {
    return device_error;
  }
  SignalStack signals;
  const Index& grid = launch.grid;
  long blocks = long(grid.x) * grid.y * grid.z;
  char* shared = shared_end() - (launch.dynamic_bytes + 15) / 16 * 16;
  for (long turn = 0; turn < blocks; turn++) {
    long number = block_number(turn, blocks);
    long plane = long(grid.x) * grid.y;
    Index index = {unsigned(number % grid.x), unsigned(number % plane / grid.x),
                   unsigned(number / plane)};
    // NaN: nobody may rely on what was there.
    memset(shared, 0xff, launch.dynamic_bytes);
    memset(launch.module->shared, 0xff, launch.module->shared_bytes);
    Result error = kSuccess;
    std::string failure =
        run_block(launch, {index, launch.block, launch.grid, shared}, turn == 0, &error);
    if (!failure.empty()) {
      device_error = error;
      return complain(error, "%s", failure.c_str());
    }
  }
  return kSuccess;
}

}  // namespace emu
