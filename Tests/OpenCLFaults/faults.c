// Reads what is wanted, counts, and tells which call failed.

#include "faults.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "OpenCLFaults.h"

static atomic_long calls;
static atomic_int has_failed;
static long wanted;
static cl_int wanted_status = CL_OUT_OF_RESOURCES;
static int lasts;
static const char *only, *path;
/// hang, exit or abort, in place of a status; NULL: none of them.
static const char *deed;

__attribute__((constructor)) static void read_wishes(void) {
  const char *number = getenv("OPENCL_FAULTS_CALL"), *status = getenv("OPENCL_FAULTS_STATUS");
  wanted = number ? atol(number) : 0;
  if (status && (wanted_status = atoi(status)) == 0) deed = status;
  lasts = getenv("OPENCL_FAULTS_LASTING") != NULL;
  only = getenv("OPENCL_FAULTS_NAME");
  path = getenv("OPENCL_FAULTS_FILE");
}

/// A file in one piece, by calls that a process which is about to hang has made for good.
static void tell(long number, const char *what) {
  char line[128];
  const int length = snprintf(line, sizeof line, "%ld %s\n", number, what);
  const int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
  if (file < 0) return;
  if (write(file, line, length) != length) abort();
  close(file);
}

cl_int fault_of(const char *name) {
  if (only && strcmp(name, only) != 0) return CL_SUCCESS;
  const long number = atomic_fetch_add(&calls, 1) + 1;
  if (wanted == 0 || number < wanted || (number > wanted && !lasts)) return CL_SUCCESS;
  if (!atomic_exchange(&has_failed, 1)) tell(number, name);
  if (deed && strcmp(deed, "exit") == 0) exit(0);
  if (deed && strcmp(deed, "abort") == 0) abort();
  while (deed) pause();
  return wanted_status;
}

long opencl_faults_calls(void) { return calls; }

__attribute__((destructor)) static void tell_count(void) {
  // A child that has nothing to do with OpenCL tells nothing.
  if (!has_failed && calls > 0) tell(calls, "calls");
}
