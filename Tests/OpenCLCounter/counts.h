// The counters, and how a call finds its own.

#ifndef COUNTS_H
#define COUNTS_H

#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdatomic.h>

enum kind { CONTEXT, QUEUE, BUFFER, PROGRAM, KERNEL, EVENT, KINDS };

/// What one caller has asked for.
struct counts {
  atomic_long created[KINDS], retained[KINDS], released[KINDS];
  atomic_long launches, reads, writes, waits, arguments;
};

/// The counters of the library that `address`, a caller's return address, lies in.
struct counts *counts_of(void *address);
/// To be called at every launch.
void count_launch(struct counts *counts);
/// The next definition of `name`, after this library's; ends the program if there is none.
void *next_function(const char *name);

/// The true function of that name, looked up once.
#define NEXT(name) \
  ({ \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(&name))next_function(#name); \
    next; \
  })
#define CALLER counts_of(__builtin_return_address(0))

#endif
