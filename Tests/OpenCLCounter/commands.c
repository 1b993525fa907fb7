// Commands: launches, reads, writes, waits, and the events that they hand out.

#include "counts.h"

/// Counts the event that a successful call handed out, if one was asked for.
static cl_int with_event(struct counts *caller, cl_int status, cl_event *event) {
  if (status == CL_SUCCESS && event) atomic_fetch_add(&caller->created[EVENT], 1);
  return status;
}

static void count_wait(struct counts *caller, cl_bool blocking) {
  if (blocking) atomic_fetch_add(&caller->waits, 1);
}

cl_int clSetKernelArg(cl_kernel kernel, cl_uint index, size_t size, const void *value) {
  atomic_fetch_add(&CALLER->arguments, 1);
  return NEXT(clSetKernelArg)(kernel, index, size, value);
}

cl_int clEnqueueNDRangeKernel(
  cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
  const size_t *global, const size_t *local, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  const cl_int status = NEXT(clEnqueueNDRangeKernel)(
    queue, kernel, dimensions, offset, global, local, count, list, event);
  with_event(caller, status, event);
  count_launch(caller);
  return status;
}

cl_int clEnqueueReadBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *host,
  cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  atomic_fetch_add(&caller->reads, 1);
  count_wait(caller, blocking);
  const cl_int status = NEXT(clEnqueueReadBuffer)(
    queue, buffer, blocking, offset, size, host, count, list, event);
  return with_event(caller, status, event);
}

cl_int clEnqueueWriteBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
  const void *host, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  atomic_fetch_add(&caller->writes, 1);
  count_wait(caller, blocking);
  const cl_int status = NEXT(clEnqueueWriteBuffer)(
    queue, buffer, blocking, offset, size, host, count, list, event);
  return with_event(caller, status, event);
}

cl_int clEnqueueFillBuffer(
  cl_command_queue queue, cl_mem buffer, const void *pattern, size_t pattern_size, size_t offset,
  size_t size, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  atomic_fetch_add(&caller->writes, 1);
  const cl_int status = NEXT(clEnqueueFillBuffer)(
    queue, buffer, pattern, pattern_size, offset, size, count, list, event);
  return with_event(caller, status, event);
}

cl_int clEnqueueCopyBuffer(
  cl_command_queue queue, cl_mem source, cl_mem target, size_t source_offset, size_t target_offset,
  size_t size, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  const cl_int status = NEXT(clEnqueueCopyBuffer)(
    queue, source, target, source_offset, target_offset, size, count, list, event);
  return with_event(caller, status, event);
}

void *clEnqueueMapBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags, size_t offset,
  size_t size, cl_uint count, const cl_event *list, cl_event *event, cl_int *status) {
  struct counts *caller = CALLER;
  count_wait(caller, blocking);
  void *host = NEXT(clEnqueueMapBuffer)(
    queue, buffer, blocking, flags, offset, size, count, list, event, status);
  with_event(caller, host ? CL_SUCCESS : CL_MAP_FAILURE, event);
  return host;
}

cl_int clEnqueueUnmapMemObject(
  cl_command_queue queue, cl_mem object, void *host, cl_uint count, const cl_event *list,
  cl_event *event) {
  struct counts *caller = CALLER;
  return with_event(
    caller, NEXT(clEnqueueUnmapMemObject)(queue, object, host, count, list, event), event);
}

cl_int clEnqueueMarkerWithWaitList(
  cl_command_queue queue, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  return with_event(caller, NEXT(clEnqueueMarkerWithWaitList)(queue, count, list, event), event);
}

cl_int clEnqueueBarrierWithWaitList(
  cl_command_queue queue, cl_uint count, const cl_event *list, cl_event *event) {
  struct counts *caller = CALLER;
  return with_event(caller, NEXT(clEnqueueBarrierWithWaitList)(queue, count, list, event), event);
}

cl_int clFinish(cl_command_queue queue) {
  count_wait(CALLER, CL_TRUE);
  return NEXT(clFinish)(queue);
}

cl_int clWaitForEvents(cl_uint count, const cl_event *list) {
  count_wait(CALLER, CL_TRUE);
  return NEXT(clWaitForEvents)(count, list);
}
