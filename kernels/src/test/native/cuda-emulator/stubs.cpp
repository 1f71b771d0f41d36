// A weak definition of every function that JCuda's library imports. Without one a call to a function
// that is not emulated would end the virtual machine, since the loader looks for it only then.
#include <cstdio>

#ifndef LIST
#error "LIST names the file with the functions, ERROR what they return"
#endif

#define STUB(name)                                                                   \
  extern "C" __attribute__((weak, visibility("default"))) int name() {               \
    fprintf(stderr, "emulated CUDA driver: %s is not emulated\n", #name);            \
    return ERROR;                                                                    \
  }
#include LIST
