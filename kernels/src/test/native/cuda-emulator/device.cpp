// The driver, its one device and its one context.
#include <cstdio>
#include <cstring>

#include "driver.h"

namespace emu {

std::recursive_mutex driver_lock;

struct Context {};

namespace {

Context primary;
bool initialised = false;
thread_local Context* current_context = nullptr;

const char* error_name(Result error) {
  switch (error) {
    case kSuccess: return "CUDA_SUCCESS";
    case kInvalidValue: return "CUDA_ERROR_INVALID_VALUE";
    case kOutOfMemory: return "CUDA_ERROR_OUT_OF_MEMORY";
    case kNotInitialized: return "CUDA_ERROR_NOT_INITIALIZED";
    case kNoDevice: return "CUDA_ERROR_NO_DEVICE";
    case kInvalidImage: return "CUDA_ERROR_INVALID_IMAGE";
    case kInvalidContext: return "CUDA_ERROR_INVALID_CONTEXT";
    case kNoBinaryForGpu: return "CUDA_ERROR_NO_BINARY_FOR_GPU";
    case kInvalidPtx: return "CUDA_ERROR_INVALID_PTX";
    case kInvalidHandle: return "CUDA_ERROR_INVALID_HANDLE";
    case kIllegalState: return "CUDA_ERROR_ILLEGAL_STATE";
    case kNotFound: return "CUDA_ERROR_NOT_FOUND";
    case kNotReady: return "CUDA_ERROR_NOT_READY";
    case kIllegalAddress: return "CUDA_ERROR_ILLEGAL_ADDRESS";
    case kLaunchFailed: return "CUDA_ERROR_LAUNCH_FAILED";
    case kNotSupported: return "CUDA_ERROR_NOT_SUPPORTED";
    case kCaptureUnsupported: return "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
    case kCaptureIsolation: return "CUDA_ERROR_STREAM_CAPTURE_ISOLATION";
    case kUnknown: return "CUDA_ERROR_UNKNOWN";
  }
  return nullptr;
}

int attribute_value(int attribute) {
  switch (attribute) {
    case kComputeCapabilityMajor: return settings.compute_capability / 10;
    case kComputeCapabilityMinor: return settings.compute_capability % 10;
    case kMultiprocessorCount: return 4;
    case kWarpSize: return 32;
    case kMaxThreadsPerBlock: return 1024;
    case kMaxSharedMemoryPerBlock: return 49152;
    case kMaxSharedMemoryPerBlockOptin: return max_shared_bytes();
    case kCanMapHostMemory: return 1;
    default: return 0;
  }
}

}  // namespace

Result entry_check() {
  if (!initialised) return kNotInitialized;
  if (!current_context) return kInvalidContext;
  return device_error;
}

}  // namespace emu

using namespace emu;

EXPORT Result cuInit(unsigned) {
  Guard guard;
  if (settings.devices == 0) return kNoDevice;
  catch_memory_faults();
  initialised = true;
  return kSuccess;
}

EXPORT Result cuDriverGetVersion(int* version) {
  *version = settings.driver_version;
  return kSuccess;
}

EXPORT Result cuGetErrorName(Result error, const char** name) {
  *name = error_name(error);
  return *name ? kSuccess : kInvalidValue;
}

EXPORT Result cuGetErrorString(Result error, const char** text) {
  return cuGetErrorName(error, text);
}

EXPORT Result cuDeviceGetCount(int* count) {
  if (!initialised) return kNotInitialized;
  *count = settings.devices;
  return kSuccess;
}

EXPORT Result cuDeviceGet(int* device, int ordinal) {
  if (!initialised) return kNotInitialized;
  if (ordinal != 0) return complain(kInvalidValue, "there is no device %d", ordinal);
  *device = 0;
  return kSuccess;
}

EXPORT Result cuDeviceGetName(char* name, int size, int) {
  snprintf(name, size_t(size), "Emulated CUDA device");
  return kSuccess;
}

EXPORT Result cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = settings.memory_bytes;
  return kSuccess;
}

EXPORT Result cuDeviceGetAttribute(int* value, int attribute, int) {
  *value = attribute_value(attribute);
  return kSuccess;
}

EXPORT Result cuDevicePrimaryCtxRetain(Context** context, int) {
  if (!initialised) return kNotInitialized;
  *context = &primary;
  return kSuccess;
}

EXPORT Result cuDevicePrimaryCtxRelease_v2(int) {
  Guard guard;
  drain_all();
  return kSuccess;
}

EXPORT Result cuCtxSetCurrent(Context* context) {
  current_context = context;
  return kSuccess;
}

EXPORT Result cuCtxGetCurrent(Context** context) {
  *context = current_context;
  return kSuccess;
}
