// Objects: created, retained, released.

#include "counts.h"

#define CREATED(kind, handle) \
  ({ \
    __typeof__(handle) made = (handle); \
    if (made) atomic_fetch_add(&caller->created[kind], 1); \
    made; \
  })

cl_context clCreateContext(
  const cl_context_properties *properties, cl_uint count, const cl_device_id *devices,
  void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data,
  cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(
    CONTEXT, NEXT(clCreateContext)(properties, count, devices, notify, data, status));
}

cl_context clCreateContextFromType(
  const cl_context_properties *properties, cl_device_type type,
  void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data,
  cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(CONTEXT, NEXT(clCreateContextFromType)(properties, type, notify, data, status));
}

cl_command_queue clCreateCommandQueue(
  cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(QUEUE, NEXT(clCreateCommandQueue)(context, device, properties, status));
}

cl_command_queue clCreateCommandQueueWithProperties(
  cl_context context, cl_device_id device, const cl_queue_properties *properties, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(
    QUEUE, NEXT(clCreateCommandQueueWithProperties)(context, device, properties, status));
}

cl_mem clCreateBuffer(
  cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(BUFFER, NEXT(clCreateBuffer)(context, flags, size, host, status));
}

cl_mem clCreateSubBuffer(
  cl_mem buffer, cl_mem_flags flags, cl_buffer_create_type type, const void *region,
  cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(BUFFER, NEXT(clCreateSubBuffer)(buffer, flags, type, region, status));
}

cl_program clCreateProgramWithSource(
  cl_context context, cl_uint count, const char **texts, const size_t *lengths, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(PROGRAM, NEXT(clCreateProgramWithSource)(context, count, texts, lengths, status));
}

cl_program clCreateProgramWithBinary(
  cl_context context, cl_uint count, const cl_device_id *devices, const size_t *lengths,
  const unsigned char **binaries, cl_int *loaded, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(
    PROGRAM, NEXT(clCreateProgramWithBinary)(
               context, count, devices, lengths, binaries, loaded, status));
}

cl_kernel clCreateKernel(cl_program program, const char *name, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(KERNEL, NEXT(clCreateKernel)(program, name, status));
}

cl_int clCreateKernelsInProgram(
  cl_program program, cl_uint count, cl_kernel *kernels, cl_uint *made) {
  struct counts *caller = CALLER;
  const cl_int status = NEXT(clCreateKernelsInProgram)(program, count, kernels, made);
  if (status == CL_SUCCESS && kernels) atomic_fetch_add(&caller->created[KERNEL], count);
  return status;
}

cl_event clCreateUserEvent(cl_context context, cl_int *status) {
  struct counts *caller = CALLER;
  return CREATED(EVENT, NEXT(clCreateUserEvent)(context, status));
}

#define RETAINS_AND_RELEASES(retain, release, type, kind) \
  cl_int retain(type object) { \
    struct counts *caller = CALLER; \
    const cl_int status = NEXT(retain)(object); \
    if (status == CL_SUCCESS) atomic_fetch_add(&caller->retained[kind], 1); \
    return status; \
  } \
  cl_int release(type object) { \
    struct counts *caller = CALLER; \
    const cl_int status = NEXT(release)(object); \
    if (status == CL_SUCCESS) atomic_fetch_add(&caller->released[kind], 1); \
    return status; \
  }

RETAINS_AND_RELEASES(clRetainContext, clReleaseContext, cl_context, CONTEXT)
RETAINS_AND_RELEASES(clRetainCommandQueue, clReleaseCommandQueue, cl_command_queue, QUEUE)
RETAINS_AND_RELEASES(clRetainMemObject, clReleaseMemObject, cl_mem, BUFFER)
RETAINS_AND_RELEASES(clRetainProgram, clReleaseProgram, cl_program, PROGRAM)
RETAINS_AND_RELEASES(clRetainKernel, clReleaseKernel, cl_kernel, KERNEL)
RETAINS_AND_RELEASES(clRetainEvent, clReleaseEvent, cl_event, EVENT)
