// Writes and fills of parts of buffers, by a kernel.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "OclgrindShim.h"
#include "next.h"

/// Kernels that write a part, and that make a buffer unwritten again. An assignment of a structure copies what oclgrind knows of its
/// bytes; it is reported, under the name of that kernel.
static const char *const text =
  "__kernel void oclgrind_shim_write(\n"
  "  __global const uchar *from, __global uchar *to, ulong offset, ulong size) {\n"
  "  const ulong at = 64 * get_global_id(0);\n"
  "  if (at + 64 <= size && offset % 4 == 0) {\n"
  "    vstore16(\n"
  "      vload16(0, (__global const uint *)(from + at)), 0, (__global uint *)(to + offset + at));\n"
  "  } else {\n"
  "    for (ulong i = at; i < min(at + 64, size); ++i) to[offset + i] = from[i];\n"
  "  }\n"
  "}\n"
  "typedef struct { uint words[256]; } Block;\n"
  "__kernel void oclgrind_shim_forget(__global const Block *from, __global Block *to) {\n"
  "  to[get_global_id(0)] = from[0];\n"
  "}\n";

/// Bytes that a work-item of each kernel has.
#define WRITTEN 64
#define FORGOTTEN 1024
#define SMALLEST_LEFT_OUT 4096

static void check(cl_int status, const char *call) {
  if (status == CL_SUCCESS) return;
  fprintf(stderr, "OclgrindShim: %s: expected status 0, received %d\n", call, status);
  abort();
}

static size_t size_of(cl_mem buffer) {
  size_t size = 0;
  check(clGetMemObjectInfo(buffer, CL_MEM_SIZE, sizeof size, &size, NULL), "clGetMemObjectInfo");
  return size;
}

static cl_context context_of(cl_command_queue queue) {
  cl_context context;
  check(
    clGetCommandQueueInfo(queue, CL_QUEUE_CONTEXT, sizeof context, &context, NULL),
    "clGetCommandQueueInfo");
  return context;
}

/// A kernel in a queue's context.
static cl_kernel kernel(cl_command_queue queue, const char *name) {
  cl_int status;
  const char *texts[1] = {text};
  const cl_program program =
    clCreateProgramWithSource(context_of(queue), 1, texts, NULL, &status);
  check(status, "clCreateProgramWithSource");
  check(clBuildProgram(program, 0, NULL, "", NULL, NULL), "clBuildProgram");
  const cl_kernel kernel = clCreateKernel(program, name, &status);
  check(status, "clCreateKernel");
  clReleaseProgram(program);
  return kernel;
}

/// Runs and releases a kernel.
static void run(cl_command_queue queue, cl_kernel kernel, size_t items) {
  check(
    NEXT(clEnqueueNDRangeKernel)(queue, kernel, 1, NULL, &items, NULL, 0, NULL, NULL),
    "clEnqueueNDRangeKernel");
  check(clFinish(queue), "clFinish");
  clReleaseKernel(kernel);
}

/// Writes `size` bytes from `offset` of a buffer, and waits.
static cl_int write(
  cl_command_queue queue, cl_mem buffer, size_t offset, size_t size, const void *host) {
  if (size == size_of(buffer)) {
    return NEXT(clEnqueueWriteBuffer)(
      queue, buffer, CL_TRUE, 0, size, host, 0, NULL, NULL);
  }
  cl_int status;
  const cl_kernel writes = kernel(queue, "oclgrind_shim_write");
  const cl_mem from = NEXT(clCreateBuffer)(
    context_of(queue), CL_MEM_COPY_HOST_PTR, size, (void *)(uintptr_t)host, &status);
  check(status, "clCreateBuffer");
  const cl_ulong place = offset, count = size;
  check(clSetKernelArg(writes, 0, sizeof from, &from), "clSetKernelArg");
  check(clSetKernelArg(writes, 1, sizeof buffer, &buffer), "clSetKernelArg");
  check(clSetKernelArg(writes, 2, sizeof place, &place), "clSetKernelArg");
  check(clSetKernelArg(writes, 3, sizeof count, &count), "clSetKernelArg");
  run(queue, writes, (size + WRITTEN - 1) / WRITTEN);
  clReleaseMemObject(from);
  return CL_SUCCESS;
}

/// Makes the whole blocks of a buffer unwritten.
static void forget(cl_command_queue queue, cl_mem buffer, size_t size) {
  cl_int status;
  const cl_kernel forgets = kernel(queue, "oclgrind_shim_forget");
  const cl_mem from =
    NEXT(clCreateBuffer)(context_of(queue), CL_MEM_READ_ONLY, FORGOTTEN, NULL, &status);
  check(status, "clCreateBuffer");
  check(clSetKernelArg(forgets, 0, sizeof from, &from), "clSetKernelArg");
  check(clSetKernelArg(forgets, 1, sizeof buffer, &buffer), "clSetKernelArg");
  run(queue, forgets, size / FORGOTTEN);
  clReleaseMemObject(from);
}

cl_int clEnqueueWriteBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
  const void *host, cl_uint count, const cl_event *list, cl_event *event) {
  return write(queue, buffer, offset, size, host);
}

cl_int clEnqueueFillBuffer(
  cl_command_queue queue, cl_mem buffer, const void *pattern, size_t pattern_size, size_t offset,
  size_t size, cl_uint count, const cl_event *list, cl_event *event) {
  char *host = malloc(size);
  if (!host) return CL_OUT_OF_HOST_MEMORY;
  for (size_t at = 0; at < size; at += pattern_size) memcpy(host + at, pattern, pattern_size);
  const cl_int status = write(queue, buffer, offset, size, host);
  free(host);
  const int is_zero = pattern_size == 1 && *(const char *)pattern == 0;
  if (is_zero && size == size_of(buffer) && size >= SMALLEST_LEFT_OUT) forget(queue, buffer, size);
  return status;
}
