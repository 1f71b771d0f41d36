// Device memory, pinned host memory and faults. Every allocation ends at a guard page and starts out
// as NaN; what was freed faults for a while.
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <map>

#include "driver.h"

namespace emu {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kAlignment = 256;
constexpr size_t kPoisonLimit = 64 << 20;  // larger ones are zero, to save the time
constexpr size_t kQuarantine = 256;        // freed allocations that still fault

struct Mapping {
  char* memory;
  size_t bytes;  // with guards
};

struct Allocation {
  size_t bytes;
  MemoryKind kind;
  Mapping mapping;
  uintptr_t alias;  // of pinned memory: the other side's address
  bool host_side;
};
std::map<uintptr_t, Allocation> allocations;
std::deque<Mapping> quarantine;

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

Mapping map_guarded(size_t body, int flags, int file) {
  size_t bytes = body + 2 * kPage;
  void* memory =
      mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return {nullptr, 0};
  }
  char* inside = static_cast<char*>(memory) + kPage;
  if (mmap(inside, body, PROT_READ | PROT_WRITE, flags | MAP_FIXED, file, 0) == MAP_FAILED) {
    munmap(memory, bytes);
    return {nullptr, 0};
  }
  return {static_cast<char*>(memory), bytes};
}

// The allocation's end lies at the guard, up to the alignment.
uintptr_t start_in(const Mapping& mapping, size_t bytes) {
  return reinterpret_cast<uintptr_t>(mapping.memory) + mapping.bytes - kPage -
         round_up(bytes, kAlignment);
}

void retire(const Mapping& mapping) {
  mprotect(mapping.memory, mapping.bytes, PROT_NONE);
  madvise(mapping.memory, mapping.bytes, MADV_DONTNEED);
  quarantine.push_back(mapping);
  if (quarantine.size() > kQuarantine) {
    munmap(quarantine.front().memory, quarantine.front().bytes);
    quarantine.pop_front();
  }
}

std::map<uintptr_t, Allocation>::iterator find(uintptr_t address, size_t bytes) {
  auto next = allocations.upper_bound(address);
  if (next == allocations.begin()) {
    return allocations.end();
  }
  auto found = std::prev(next);
  bool inside = address + bytes <= found->first + found->second.bytes;
  return inside ? found : allocations.end();
}

Result allocate_device(DevicePointer* result, size_t bytes) {
  if (size_t(counters.live_device_bytes) + bytes > settings.memory_bytes) {
    return complain(kOutOfMemory, "%zu bytes do not fit into device memory", bytes);
  }
  Mapping mapping =
      map_guarded(round_up(bytes, kPage), MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (!mapping.memory) {
    return complain(kOutOfMemory, "the host has no memory for %zu bytes", bytes);
  }
  uintptr_t start = start_in(mapping, bytes);
  if (bytes <= kPoisonLimit) {
    memset(reinterpret_cast<void*>(start), 0xff, bytes);
  }
  allocations[start] = {bytes, MemoryKind::kDevice, mapping, start, false};
  counters.live_device_bytes += long(bytes);
  counters.live_device_allocations++;
  *result = start;
  return kSuccess;
}

// One memory under two addresses, so that taking one for the other shows.
Result allocate_pinned(void** result, size_t bytes) {
  size_t body = round_up(bytes, kPage);
  int file = memfd_create("pinned", 0);
  if (file < 0 || ftruncate(file, off_t(body))) {
    return complain(kOutOfMemory, "the host has no memory for %zu pinned bytes", bytes);
  }
  Mapping host = map_guarded(body, MAP_SHARED, file);
  Mapping device = map_guarded(body, MAP_SHARED, file);
  close(file);
  if (!host.memory || !device.memory) {
    return complain(kOutOfMemory, "the host has no memory for %zu pinned bytes", bytes);
  }
  uintptr_t host_start = start_in(host, bytes);
  uintptr_t device_start = start_in(device, bytes);
  allocations[host_start] = {bytes, MemoryKind::kPinned, host, device_start, true};
  allocations[device_start] = {bytes, MemoryKind::kPinned, device, host_start, false};
  counters.live_pinned_allocations++;
  memset(reinterpret_cast<void*>(host_start), 0xff, bytes);
  *result = reinterpret_cast<void*>(host_start);
  return kSuccess;
}

// ---- a kernel's wild access ends the kernel, as on a device, instead of the process

struct sigaction old_segv, old_bus;

void on_fault(int signal, siginfo_t* info, void* context) {
  if (!in_kernel()) {
    // The virtual machine's own: it finds null pointers this way.
    struct sigaction& old = signal == SIGSEGV ? old_segv : old_bus;
    if (old.sa_flags & SA_SIGINFO) {
      old.sa_sigaction(signal, info, context);
    } else {
      sigaction(signal, &old, nullptr);
    }
    return;
  }
  char text[300], where[200];
  auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  describe_address(address, where, sizeof where);
  snprintf(text, sizeof text, "memory fault at 0x%zx, %s", size_t(address), where);
  abandon_thread(kIllegalAddress, text);
}

}  // namespace

bool device_visible(uintptr_t address, size_t bytes) {
  auto found = find(address, bytes);
  return found != allocations.end() && !found->second.host_side;
}

bool pinned(uintptr_t address, size_t bytes) {
  auto found = find(address, bytes);
  return found != allocations.end() && found->second.kind == MemoryKind::kPinned;
}

void describe_address(uintptr_t address, char* text, size_t size) {
  constexpr size_t kNear = 1 << 20;
  auto next = allocations.upper_bound(address);
  if (next != allocations.begin()) {
    auto before = std::prev(next);
    uintptr_t end = before->first + before->second.bytes;
    if (address >= end && address - end < kNear) {
      snprintf(text, size, "%zu bytes past the end of an allocation of %zu bytes", address - end,
               before->second.bytes);
      return;
    }
  }
  if (next != allocations.end() && next->first - address < kNear) {
    snprintf(text, size, "%zu bytes before an allocation of %zu bytes", next->first - address,
             next->second.bytes);
    return;
  }
  snprintf(text, size, "no allocation is near");
}

void catch_memory_faults() {
  static bool installed = false;
  if (!installed) {
    struct sigaction action = {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &old_segv);
    sigaction(SIGBUS, &action, &old_bus);
    installed = true;
  }
}

}  // namespace emu

using namespace emu;

EXPORT Result cuMemGetInfo_v2(size_t* free, size_t* total) {
  Guard guard;
  if (Result error = entry_check()) return error;
  size_t used = size_t(counters.live_device_bytes);
  *free = settings.memory_bytes > used ? settings.memory_bytes - used : 0;
  *total = settings.memory_bytes;
  return kSuccess;
}

EXPORT Result cuMemAlloc_v2(DevicePointer* result, size_t bytes) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (bytes == 0) return complain(kInvalidValue, "allocation of 0 bytes");
  if (capture_forbids()) return complain(kCaptureUnsupported, "allocation during a capture");
  if (Result error = planned_fault(Fault::kAllocation)) return error;
  return allocate_device(result, bytes);
}

EXPORT Result cuMemFree_v2(DevicePointer pointer) {
  Guard guard;
  drain_all();
  auto found = allocations.find(uintptr_t(pointer));
  if (found == allocations.end() || found->second.kind != MemoryKind::kDevice) {
    return complain(kInvalidValue, "cuMemFree of what is not an allocation");
  }
  counters.live_device_bytes -= long(found->second.bytes);
  counters.live_device_allocations--;
  retire(found->second.mapping);
  allocations.erase(found);
  return kSuccess;
}

EXPORT Result cuMemHostAlloc(void** result, size_t bytes, unsigned) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (bytes == 0) return complain(kInvalidValue, "pinned allocation of 0 bytes");
  if (capture_forbids()) return complain(kCaptureUnsupported, "pinned allocation during a capture");
  if (Result error = planned_fault(Fault::kAllocation)) return error;
  return allocate_pinned(result, bytes);
}

EXPORT Result cuMemFreeHost(void* pointer) {
  Guard guard;
  drain_all();
  auto found = allocations.find(reinterpret_cast<uintptr_t>(pointer));
  if (found == allocations.end() || !found->second.host_side) {
    return complain(kInvalidValue, "cuMemFreeHost of what is not pinned memory");
  }
  auto device = allocations.find(found->second.alias);
  retire(device->second.mapping);
  retire(found->second.mapping);
  allocations.erase(device);
  allocations.erase(found);
  counters.live_pinned_allocations--;
  return kSuccess;
}

EXPORT Result cuMemHostGetDevicePointer_v2(DevicePointer* result, void* pointer, unsigned) {
  Guard guard;
  if (Result error = entry_check()) return error;
  auto address = reinterpret_cast<uintptr_t>(pointer);
  auto found = find(address, 1);
  if (found == allocations.end() || !found->second.host_side) {
    return complain(kInvalidValue, "device address of what is not pinned memory");
  }
  *result = found->second.alias + (address - found->first);
  return kSuccess;
}
