// Signatures in the text of a PTX module.
#pragma once

#include <string>
#include <vector>

namespace emu {

struct PtxEntry {
  std::string name;
  std::vector<unsigned> sizes;  // of the parameters, in bytes
};

bool is_ptx(const char* image);
std::vector<PtxEntry> ptx_entries(const char* text);

}  // namespace emu
