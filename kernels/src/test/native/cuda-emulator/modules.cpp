// Modules: the PTX that the program ships is taken as it is, and the host build of the same source
// runs in its place, if its kernels have the same parameters.
#include <dlfcn.h>

#include <algorithm>
#include <cstring>

#include "driver.h"
#include "ptx.h"

namespace emu {

struct LoadedModule {
  const Module* module;
  std::vector<std::unique_ptr<Function>> functions;
};

namespace {

std::vector<const Module*> host_modules;

const Kernel* find_kernel(const Module* module, const std::string& name) {
  for (int i = 0; i < module->count; i++) {
    if (name == module->kernels[i].name) {
      return &module->kernels[i];
    }
  }
  return nullptr;
}

bool has_all(const Module* module, const std::vector<PtxEntry>& entries) {
  return std::all_of(entries.begin(), entries.end(), [&](const PtxEntry& entry) {
    return find_kernel(module, entry.name) != nullptr;
  });
}

Result check_signatures(const Module* module, const std::vector<PtxEntry>& entries) {
  for (const PtxEntry& entry : entries) {
    const Kernel* kernel = find_kernel(module, entry.name);
    bool same = int(entry.sizes.size()) == kernel->parameters &&
                std::equal(entry.sizes.begin(), entry.sizes.end(), kernel->sizes);
    if (!same) {
      return complain(kInvalidPtx, "%s: the PTX has other parameters than the source",
                      entry.name.c_str());
    }
  }
  return kSuccess;
}

Result load(LoadedModule** result, const char* image) {
  if (!is_ptx(image)) {
    return complain(kInvalidImage, "the module is not PTX");
  }
  std::vector<PtxEntry> entries = ptx_entries(image);
  for (const Module* module : host_modules) {
    if (!entries.empty() && has_all(module, entries)) {
      if (Result error = check_signatures(module, entries)) return error;
      *result = new LoadedModule{module, {}};
      counters.live_modules++;
      return kSuccess;
    }
  }
  const char* first = entries.empty() ? "no kernel" : entries[0].name.c_str();
  return complain(kNoBinaryForGpu, "no host build of a module with %s", first);
}

bool valid_shape(const Index& grid, const Index& block) {
  bool positive = grid.x && grid.y && grid.z && block.x && block.y && block.z;
  bool grid_fits = grid.x <= 0x7fffffffu && grid.y <= 65535 && grid.z <= 65535;
  bool block_fits = block.x <= 1024 && block.y <= 1024 && block.z <= 64 &&
                    uint64_t(block.x) * block.y * block.z <= 1024;
  return positive && grid_fits && block_fits;
}

// Copies the arguments, as the driver does: the caller may change its own at once.
void take_arguments(Launch* launch, void** arguments) {
  const Kernel* kernel = launch->kernel;
  size_t units = 0;
  auto units_of = [&](int i) {
    return (kernel->sizes[i] + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t);
  };
  for (int i = 0; i < kernel->parameters; i++) {
    units += units_of(i);
  }
  launch->storage.resize(units);
  std::max_align_t* to = launch->storage.data();
  for (int i = 0; i < kernel->parameters; i++) {
    memcpy(to, arguments[i], kernel->sizes[i]);
    launch->arguments.push_back(to);
    to += units_of(i);
  }
}

}  // namespace

int max_shared_bytes() { return settings.compute_capability < 80 ? 65536 : 101376; }

}  // namespace emu

using namespace emu;

// Makes a host build of kernels known; 0 or the reason in emu_message.
EXPORT int emu_add_module(const char* path) {
  Guard guard;
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    complain(kNotFound, "%s", dlerror());
    return -1;
  }
  auto module = reinterpret_cast<const Module* (*)()>(dlsym(library, "emu_module"));
  if (!module || module()->abi != kModuleAbi) {
    complain(kInvalidImage, "%s is not a host build of kernels for this driver", path);
    return -1;
  }
  host_modules.push_back(module());
  return 0;
}

EXPORT Result cuModuleLoadData(LoadedModule** result, const void* image) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  return load(result, static_cast<const char*>(image));
}

EXPORT Result cuModuleLoadDataEx(LoadedModule** result, const void* image, unsigned, int*, void**) {
  return cuModuleLoadData(result, image);
}

EXPORT Result cuModuleUnload(LoadedModule* module) {
  Guard guard;
  drain_all();
  counters.live_modules--;
  delete module;
  return kSuccess;
}

EXPORT Result cuModuleGetFunction(Function** result, LoadedModule* module, const char* name) {
  Guard guard;
  if (Result error = entry_check()) return error;
  const Kernel* kernel = find_kernel(module->module, name);
  if (!kernel) return complain(kNotFound, "no kernel %s", name);
  module->functions.push_back(std::make_unique<Function>(Function{module->module, kernel}));
  *result = module->functions.back().get();
  return kSuccess;
}

EXPORT Result cuFuncGetAttribute(int* value, int attribute, Function* function) {
  Guard guard;
  *value = attribute == kMaxDynamicSharedSizeBytes ? function->max_dynamic_bytes : 0;
  return kSuccess;
}

EXPORT Result cuFuncSetAttribute(Function* function, int attribute, int value) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (attribute != kMaxDynamicSharedSizeBytes) {
    return complain(kNotSupported, "function attribute %d is not emulated", attribute);
  }
  if (value < 0 || value > max_shared_bytes()) {
    return complain(kInvalidValue, "%d bytes of shared memory, a block has %d", value,
                    max_shared_bytes());
  }
  function->max_dynamic_bytes = value;
  return kSuccess;
}

EXPORT Result cuLaunchKernel(Function* function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                             unsigned block_x, unsigned block_y, unsigned block_z, unsigned dynamic,
                             Stream* stream, void** arguments, void** extra) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!function) return complain(kInvalidHandle, "launch without a function");
  const Kernel* kernel = function->kernel;
  Index grid = {grid_x, grid_y, grid_z}, block = {block_x, block_y, block_z};
  if (!valid_shape(grid, block)) {
    return complain(kInvalidValue, "%s: a grid of %u,%u,%u blocks of %u,%u,%u threads", kernel->name,
                    grid_x, grid_y, grid_z, block_x, block_y, block_z);
  }
  if (dynamic > unsigned(function->max_dynamic_bytes)) {
    return complain(kInvalidValue, "%s: %u bytes of dynamic shared memory, %d are allowed",
                    kernel->name, dynamic, function->max_dynamic_bytes);
  }
  if (extra || (kernel->parameters && !arguments)) {
    return complain(kInvalidValue, "%s: arguments must come as an array of pointers", kernel->name);
  }
  if (Result error = planned_fault(Fault::kLaunch)) return error;
  auto launch = std::make_shared<Launch>(Launch{function->module, kernel, grid, block, dynamic, {}, {}});
  take_arguments(launch.get(), arguments);
  return enqueue(stream, [launch] {
    counters.launches++;
    return run_launch(*launch);
  });
}
