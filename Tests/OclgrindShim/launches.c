// Which kernels were launched.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "OclgrindShim.h"
#include "next.h"

#define LARGEST_COUNT 1024

/// Appends the name of a kernel to the file, once in this process.
static void note(cl_kernel kernel) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static char *names[LARGEST_COUNT];
  static int count;
  char name[256];
  const char *path = getenv("OCLGRIND_SHIM_KERNELS");
  if (!path) return;
  if (clGetKernelInfo(kernel, CL_KERNEL_FUNCTION_NAME, sizeof name, name, NULL)) return;
  pthread_mutex_lock(&mutex);
  int place = 0;
  while (place < count && strcmp(names[place], name)) ++place;
  if (place == count && count < LARGEST_COUNT) {
    names[count++] = strdup(name);
    FILE *file = fopen(path, "a");
    if (file) {
      fprintf(file, "%s\n", name);
      fclose(file);
    }
  }
  pthread_mutex_unlock(&mutex);
}

cl_int clEnqueueNDRangeKernel(
  cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
  const size_t *global, const size_t *local, cl_uint count, const cl_event *list, cl_event *event) {
  note(kernel);
  return NEXT(clEnqueueNDRangeKernel)(
    queue, kernel, dimensions, offset, global, local, count, list, event);
}
