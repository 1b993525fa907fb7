// Which call fails, and how.

#ifndef FAULTS_H
#define FAULTS_H

#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <dlfcn.h>

/// Counts a call of the function of that name; where it is to hang, does not return.
/// @returns the status that it is to give, and CL_SUCCESS where it is to be made.
cl_int fault_of(const char *name);

/// A function that gives a status.
#define GIVES_STATUS(name, parameters, arguments) \
  cl_int name parameters { \
    const cl_int fault = fault_of(#name); \
    if (fault) return fault; \
    return ((__typeof__(&name))dlsym(RTLD_NEXT, #name)) arguments; \
  }

/// A function that gives a handle, and its status by its last parameter.
#define GIVES_HANDLE(type, name, parameters, arguments) \
  type name parameters { \
    const cl_int fault = fault_of(#name); \
    if (fault && status) *status = fault; \
    if (fault) return NULL; \
    return ((__typeof__(&name))dlsym(RTLD_NEXT, #name)) arguments; \
  }

#endif
