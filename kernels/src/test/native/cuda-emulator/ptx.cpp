#include "ptx.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

namespace emu {
namespace {

constexpr const char* kSpace = " \t\r\n";

// Bits of a type such as "u64", or 0 for a word that is not a type.
unsigned type_bits(const char* word) {
  bool is_type = strchr("usfb", word[0]) && isdigit(static_cast<unsigned char>(word[1]));
  return is_type ? unsigned(atoi(word + 1)) : 0;
}

// Size of one parameter, from ".param .align 4 .b8 name[12]" and the like.
unsigned parameter_bytes(const std::string& declaration) {
  unsigned bits = 0;
  for (size_t dot = 0; (dot = declaration.find('.', dot)) != std::string::npos;) {
    dot++;
    bits = bits ? bits : type_bits(declaration.c_str() + dot);
  }
  size_t bracket = declaration.find('[');
  unsigned count = bracket == std::string::npos ? 1 : unsigned(atoi(&declaration[bracket + 1]));
  return bits / 8 * count;
}

}  // namespace

bool is_ptx(const char* image) {
  return strstr(image, ".version") && strstr(image, ".target") && strstr(image, ".address_size");
}

std::vector<PtxEntry> ptx_entries(const char* text) {
  std::vector<PtxEntry> entries;
  for (const char* at = text; (at = strstr(at, ".entry"));) {
    at += strlen(".entry");
    at += strspn(at, kSpace);
    PtxEntry entry{std::string(at, strcspn(at, " \t\r\n({")), {}};
    const char* end = at + strcspn(at, "{");
    for (const char* p = at; (p = strstr(p, ".param")) && p < end;) {
      p += strlen(".param");
      entry.sizes.push_back(parameter_bytes(std::string(p, strcspn(p, ",){"))));
    }
    entries.push_back(std::move(entry));
    at = end;
  }
  return entries;
}

}  // namespace emu
