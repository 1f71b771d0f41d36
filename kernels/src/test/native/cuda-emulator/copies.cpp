// Copies and fills, in stream order.
#include <cstring>
#include <memory>
#include <vector>

#include "driver.h"

namespace emu {
namespace {

void* at(uintptr_t address) { return reinterpret_cast<void*>(address); }

Result count_copy(Direction direction, size_t bytes) {
  counters.copies++;
  switch (direction) {
    case Direction::kToDevice:
      counters.to_device_bytes += long(bytes);
      break;
    case Direction::kToHost:
      counters.to_host_bytes += long(bytes);
      break;
    case Direction::kOnDevice:
      counters.on_device_bytes += long(bytes);
      break;
  }
  return kSuccess;
}

Work move(uintptr_t to, uintptr_t from, size_t bytes, Direction direction) {
  return [=] {
    if (device_error) return device_error;
    memmove(at(to), at(from), bytes);
    return count_copy(direction, bytes);
  };
}

// Memory that is not page-locked: the driver takes a copy of the source at once, and waits where it
// is the target.
Result copy_pageable(uintptr_t to, uintptr_t from, size_t bytes, Direction direction,
                     Stream* stream) {
  if (capturing(stream)) {
    return complain(kCaptureUnsupported, "copy of %zu bytes of pageable memory in a capture", bytes);
  }
  counters.pageable_copies++;
  if (direction == Direction::kToHost) {
    drain(stream);
    if (device_error) return device_error;
    return move(to, from, bytes, direction)();
  }
  auto* begin = static_cast<const char*>(at(from));
  auto taken = std::make_shared<std::vector<char>>(begin, begin + bytes);
  return enqueue(stream, [=] {
    if (device_error) return device_error;
    memcpy(at(to), taken->data(), bytes);
    return count_copy(direction, bytes);
  });
}

Result copy(uintptr_t to, uintptr_t from, size_t bytes, Direction direction, Stream* stream) {
  if (Result error = entry_check()) return error;
  if (bytes == 0) return kSuccess;
  if (direction != Direction::kToHost && !device_visible(to, bytes)) {
    return complain(kInvalidValue, "copy of %zu bytes: the target is not device memory", bytes);
  }
  if (direction != Direction::kToDevice && !device_visible(from, bytes)) {
    return complain(kInvalidValue, "copy of %zu bytes: the source is not device memory", bytes);
  }
  if (Result error = planned_fault(Fault::kCopy)) return error;
  bool pageable = (direction == Direction::kToDevice && !pinned(from, bytes)) ||
                  (direction == Direction::kToHost && !pinned(to, bytes));
  if (pageable) {
    return copy_pageable(to, from, bytes, direction, stream);
  }
  return enqueue(stream, move(to, from, bytes, direction));
}

template <class T>
Result fill(DevicePointer to, T value, size_t count, Stream* stream) {
  if (Result error = entry_check()) return error;
  size_t bytes = count * sizeof(T);
  if (!device_visible(uintptr_t(to), bytes)) {
    return complain(kInvalidValue, "fill of %zu bytes: not device memory", bytes);
  }
  if (Result error = planned_fault(Fault::kCopy)) return error;
  return enqueue(stream, [=] {
    if (device_error) return device_error;
    T* begin = static_cast<T*>(at(uintptr_t(to)));
    std::fill(begin, begin + count, value);
    return kSuccess;
  });
}

}  // namespace
}  // namespace emu

using namespace emu;

EXPORT Result cuMemcpyHtoDAsync_v2(DevicePointer to, const void* from, size_t bytes, Stream* s) {
  Guard guard;
  return copy(uintptr_t(to), reinterpret_cast<uintptr_t>(from), bytes, Direction::kToDevice, s);
}

EXPORT Result cuMemcpyDtoHAsync_v2(void* to, DevicePointer from, size_t bytes, Stream* s) {
  Guard guard;
  return copy(reinterpret_cast<uintptr_t>(to), uintptr_t(from), bytes, Direction::kToHost, s);
}

EXPORT Result cuMemcpyDtoDAsync_v2(DevicePointer to, DevicePointer from, size_t bytes, Stream* s) {
  Guard guard;
  return copy(uintptr_t(to), uintptr_t(from), bytes, Direction::kOnDevice, s);
}

EXPORT Result cuMemsetD8Async(DevicePointer to, uint8_t value, size_t count, Stream* stream) {
  Guard guard;
  return fill(to, value, count, stream);
}

EXPORT Result cuMemsetD32Async(DevicePointer to, uint32_t value, size_t count, Stream* stream) {
  Guard guard;
  return fill(to, value, count, stream);
}
