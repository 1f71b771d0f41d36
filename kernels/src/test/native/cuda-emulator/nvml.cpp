// The management library's answers that are read, for an idle device of 1 GiB.
#include <cstdio>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {
int device;
constexpr int kSuccess = 0, kInvalidArgument = 2;
}  // namespace

EXPORT int nvmlInit_v2() { return kSuccess; }

EXPORT int nvmlShutdown() { return kSuccess; }

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) {
  *handle = &device;
  return index == 0 ? kSuccess : kInvalidArgument;
}

EXPORT int nvmlDeviceGetMemoryInfo(void*, unsigned long long* total_free_used) {
  total_free_used[0] = 1ull << 30;
  total_free_used[1] = 1ull << 29;
  total_free_used[2] = 1ull << 29;
  return kSuccess;
}

EXPORT int nvmlDeviceGetClockInfo(void*, int kind, unsigned* mhz) {
  *mhz = kind == 1 ? 1500 : 7000;
  return kSuccess;
}

EXPORT int nvmlSystemGetDriverVersion(char* text, unsigned size) {
  snprintf(text, size, "560.35.03");
  return kSuccess;
}
