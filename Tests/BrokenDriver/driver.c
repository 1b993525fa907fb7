// The least that a loader asks of a driver; see BrokenDriver.h.

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <CL/cl_icd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "BrokenDriver.h"

struct _cl_platform_id {
  cl_icd_dispatch *dispatch;
};

/// What $BROKEN_DRIVER_DOES says, in the function of the name that $BROKEN_DRIVER_IN says.
static void fail_in(const char *function) {
  const char *where = getenv("BROKEN_DRIVER_IN"), *what = getenv("BROKEN_DRIVER_DOES");
  if (!where || !what || strcmp(where, function) != 0) return;
  if (strcmp(what, "abort") == 0) abort();
  if (strcmp(what, "exit") == 0) exit(0);
  while (strcmp(what, "hang") == 0) pause();
}

static const char *text_of(cl_platform_info parameter) {
  switch (parameter) {
    case CL_PLATFORM_VERSION: return "OpenCL 1.2 broken";
    case CL_PLATFORM_PROFILE: return "FULL_PROFILE";
    case CL_PLATFORM_EXTENSIONS: return "cl_khr_icd";
    default: return "broken";
  }
}

static cl_int CL_API_CALL platform_info(
  cl_platform_id platform, cl_platform_info parameter, size_t size, void *value, size_t *needed) {
  fail_in("clGetPlatformInfo");
  const char *text = text_of(parameter);
  const size_t length = strlen(text) + 1;
  if (needed) *needed = length;
  if (!value) return CL_SUCCESS;
  if (size < length) return CL_INVALID_VALUE;
  memcpy(value, text, length);
  return CL_SUCCESS;
}

static cl_int CL_API_CALL device_ids(
  cl_platform_id platform, cl_device_type type, cl_uint count, cl_device_id *devices,
  cl_uint *found) {
  fail_in("clGetDeviceIDs");
  const char *code = getenv("BROKEN_DRIVER_CODE");
  return code ? atoi(code) : CL_OUT_OF_HOST_MEMORY;
}

static cl_icd_dispatch dispatch = {.clGetPlatformInfo = platform_info, .clGetDeviceIDs = device_ids};
static struct _cl_platform_id only = {&dispatch};

cl_int CL_API_CALL clIcdGetPlatformIDsKHR(
  cl_uint count, cl_platform_id *platforms, cl_uint *found) {
  fail_in("clGetPlatformIDs");
  if (found) *found = 1;
  if (platforms && count > 0) platforms[0] = &only;
  return CL_SUCCESS;
}

cl_int CL_API_CALL clGetPlatformInfo(
  cl_platform_id platform, cl_platform_info parameter, size_t size, void *value, size_t *needed) {
  return platform_info(platform, parameter, size, value, needed);
}

void *CL_API_CALL clGetExtensionFunctionAddress(const char *name) {
  return strcmp(name, "clIcdGetPlatformIDsKHR") == 0 ? (void *)clIcdGetPlatformIDsKHR : NULL;
}
