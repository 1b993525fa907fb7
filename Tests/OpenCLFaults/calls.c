// Every function that may fail.

#include "faults.h"

#define WAITS cl_uint count, const cl_event *list, cl_event *event

GIVES_STATUS(
  clGetPlatformIDs, (cl_uint count, cl_platform_id *platforms, cl_uint *found),
  (count, platforms, found))
GIVES_STATUS(
  clGetPlatformInfo,
  (cl_platform_id platform, cl_platform_info what, size_t size, void *value, size_t *needed),
  (platform, what, size, value, needed))
GIVES_STATUS(
  clGetDeviceIDs,
  (cl_platform_id platform, cl_device_type type, cl_uint count, cl_device_id *devices,
   cl_uint *found),
  (platform, type, count, devices, found))
GIVES_STATUS(
  clGetDeviceInfo,
  (cl_device_id device, cl_device_info what, size_t size, void *value, size_t *needed),
  (device, what, size, value, needed))
GIVES_STATUS(
  clGetEventProfilingInfo,
  (cl_event event, cl_profiling_info what, size_t size, void *value, size_t *needed),
  (event, what, size, value, needed))

GIVES_HANDLE(
  cl_context, clCreateContext,
  (const cl_context_properties *properties, cl_uint count, const cl_device_id *devices,
   void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data,
   cl_int *status),
  (properties, count, devices, notify, data, status))
GIVES_HANDLE(
  cl_command_queue, clCreateCommandQueue,
  (cl_context context, cl_device_id device, cl_command_queue_properties properties,
   cl_int *status),
  (context, device, properties, status))
GIVES_HANDLE(
  cl_mem, clCreateBuffer,
  (cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *status),
  (context, flags, size, host, status))
GIVES_HANDLE(
  cl_program, clCreateProgramWithSource,
  (cl_context context, cl_uint count, const char **texts, const size_t *lengths, cl_int *status),
  (context, count, texts, lengths, status))
GIVES_HANDLE(
  cl_kernel, clCreateKernel, (cl_program program, const char *kernel, cl_int *status),
  (program, kernel, status))

GIVES_STATUS(
  clBuildProgram,
  (cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
   void(CL_CALLBACK *notify)(cl_program, void *), void *data),
  (program, count, devices, options, notify, data))
GIVES_STATUS(
  clGetProgramBuildInfo,
  (cl_program program, cl_device_id device, cl_program_build_info what, size_t size, void *value,
   size_t *needed),
  (program, device, what, size, value, needed))
GIVES_STATUS(
  clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value),
  (kernel, index, size, value))

GIVES_STATUS(
  clEnqueueNDRangeKernel,
  (cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
   const size_t *global, const size_t *local, WAITS),
  (queue, kernel, dimensions, offset, global, local, count, list, event))
GIVES_STATUS(
  clEnqueueReadBuffer,
  (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *host,
   WAITS),
  (queue, buffer, blocking, offset, size, host, count, list, event))
GIVES_STATUS(
  clEnqueueWriteBuffer,
  (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
   const void *host, WAITS),
  (queue, buffer, blocking, offset, size, host, count, list, event))
GIVES_STATUS(
  clEnqueueFillBuffer,
  (cl_command_queue queue, cl_mem buffer, const void *pattern, size_t pattern_size, size_t offset,
   size_t size, WAITS),
  (queue, buffer, pattern, pattern_size, offset, size, count, list, event))
GIVES_STATUS(
  clEnqueueCopyBuffer,
  (cl_command_queue queue, cl_mem source, cl_mem target, size_t source_offset,
   size_t target_offset, size_t size, WAITS),
  (queue, source, target, source_offset, target_offset, size, count, list, event))
GIVES_STATUS(
  clEnqueueBarrierWithWaitList, (cl_command_queue queue, WAITS), (queue, count, list, event))
GIVES_STATUS(
  clEnqueueMarkerWithWaitList, (cl_command_queue queue, WAITS), (queue, count, list, event))
GIVES_STATUS(clFlush, (cl_command_queue queue), (queue))
GIVES_STATUS(clFinish, (cl_command_queue queue), (queue))
GIVES_STATUS(clWaitForEvents, (cl_uint count, const cl_event *list), (count, list))
