#include "settings.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "driver.h"

namespace emu {

Settings settings;
Counters counters;
Result device_error = kSuccess;

namespace {

char message[512];
// Calls of a kind that still succeed before one fails, or -1 for none.
long calls_left[int(Fault::kCount)] = {-1, -1, -1, -1, -1, -1};
bool fault_is_final = false;

bool strikes(Fault kind) {
  long& left = calls_left[int(kind)];
  return left >= 0 && left-- == 0;
}

}  // namespace

Result planned_fault(Fault kind) {
  bool own = strikes(kind);
  bool any = strikes(Fault::kAny);
  if (!own && !any) {
    return kSuccess;
  }
  Result error = kind == Fault::kAllocation ? kOutOfMemory : kUnknown;
  if (fault_is_final) {
    device_error = kUnknown;
  }
  return complain(error, "fault as planned");
}

Result complain(Result error, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return error;
}

void reset_settings() {
  Counters alive = counters;
  settings = {};
  counters = {};
  counters.live_device_bytes = alive.live_device_bytes;
  counters.live_device_allocations = alive.live_device_allocations;
  counters.live_pinned_allocations = alive.live_pinned_allocations;
  counters.live_streams = alive.live_streams;
  counters.live_events = alive.live_events;
  counters.live_modules = alive.live_modules;
  counters.live_graphs = alive.live_graphs;
  device_error = kSuccess;
  for (long& left : calls_left) {
    left = -1;
  }
  fault_is_final = false;
  message[0] = 0;
}

}  // namespace emu

using namespace emu;

// ---- called from Java through the foreign function interface; 0 is success, -1 an unknown name

EXPORT void emu_reset() {
  Guard guard;
  reset_settings();
}

EXPORT int emu_set(const char* name, long value) {
  Guard guard;
  if (!strcmp(name, "order")) {
    settings.order = Order(value);
  } else if (!strcmp(name, "seed")) {
    settings.seed = unsigned(value);
  } else if (!strcmp(name, "mode")) {
    settings.mode = Mode(value);
  } else if (!strcmp(name, "memoryBytes")) {
    settings.memory_bytes = size_t(value);
  } else if (!strcmp(name, "devices")) {
    settings.devices = int(value);
  } else if (!strcmp(name, "driverVersion")) {
    settings.driver_version = int(value);
  } else if (!strcmp(name, "computeCapability")) {
    settings.compute_capability = int(value);
  } else {
    return -1;
  }
  return 0;
}

// The nth call of that kind from now on fails, n from 1; 0 takes it back. If final, so does
// everything after it.
EXPORT int emu_fail_nth(int kind, long n, int final) {
  Guard guard;
  if (kind < 0 || kind >= int(Fault::kCount)) {
    return -1;
  }
  calls_left[kind] = n - 1;
  fault_is_final = final != 0;
  return 0;
}

EXPORT long emu_counter(const char* name) {
  Guard guard;
  const struct {
    const char* name;
    long value;
  } all[] = {
      {"launches", counters.launches},
      {"graphLaunches", counters.graph_launches},
      {"synchronizations", counters.synchronizations},
      {"copies", counters.copies},
      {"toDeviceBytes", counters.to_device_bytes},
      {"toHostBytes", counters.to_host_bytes},
      {"onDeviceBytes", counters.on_device_bytes},
      {"pageableCopies", counters.pageable_copies},
      {"liveDeviceBytes", counters.live_device_bytes},
      {"liveDeviceAllocations", counters.live_device_allocations},
      {"livePinnedAllocations", counters.live_pinned_allocations},
      {"liveStreams", counters.live_streams},
      {"liveEvents", counters.live_events},
      {"liveModules", counters.live_modules},
      {"liveGraphs", counters.live_graphs},
  };
  for (const auto& one : all) {
    if (!strcmp(name, one.name)) {
      return one.value;
    }
  }
  return -1;
}

// The last complaint, or an empty text. Valid until the next call of anything.
EXPORT const char* emu_message() {
  Guard guard;
  return message;
}
