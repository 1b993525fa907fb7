// MPI's functions by name. Errors of the library end all ranks, which is its default.

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "CMPI.h"

/// A handle: an address in Open MPI, a number in MPICH. On the machines at hand both are passed
/// alike, a number in the low half of the register.
typedef void *handle;

static struct {
  handle world, real, sum;
  void *in_place;
  int rank, count, is_open;
  int (*allreduce)(const void *, void *, int, handle, handle, handle);
  int (*alltoall)(const void *, int, handle, void *, int, handle, handle);
  int (*allgather)(const void *, int, handle, void *, int, handle, handle);
  int (*finalize)(void);
  int (*abort)(handle, int);
} mpi;

/// The elements of one call: MPI counts them by `int`.
enum { LARGEST = 1 << 30 };

static const char *missing(const char *name) {
  const char *reason = dlerror();
  return reason ? reason : name;
}

/// Sets `field`, or returns why it has no such function.
#define FIND(field, name)                                \
  do {                                                   \
    *(void **)&(field) = dlsym(library, name);           \
    if (!(field)) return missing(name);                  \
  } while (0)

const char *cmpi_join(cmpi_library kind) {
  // The libraries look for the machine's devices with hwloc, which would ask every OpenCL driver before
  // this program has chosen those that work, and their settings.
  setenv("HWLOC_COMPONENTS", "-opencl", 0);
  const int is_open = mpi.is_open = kind == CMPI_OPEN_MPI;
  // Open MPI's own plug-ins need its symbols.
  void *library = dlopen(is_open ? "libmpi.so.40" : "libmpich.so.12", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return missing("no library");
  int (*init)(int *, char ***);
  int (*rank)(handle, int *);
  int (*size)(handle, int *);
  FIND(init, "MPI_Init");
  FIND(rank, "MPI_Comm_rank");
  FIND(size, "MPI_Comm_size");
  FIND(mpi.allreduce, "MPI_Allreduce");
  FIND(mpi.alltoall, "MPI_Alltoall");
  FIND(mpi.allgather, "MPI_Allgather");
  FIND(mpi.finalize, "MPI_Finalize");
  FIND(mpi.abort, "MPI_Abort");
  if (is_open) {
    FIND(mpi.world, "ompi_mpi_comm_world");
    FIND(mpi.real, "ompi_mpi_float");
    FIND(mpi.sum, "ompi_mpi_op_sum");
    mpi.in_place = (void *)1;
  } else {
    mpi.world = (handle)0x44000000;
    mpi.real = (handle)0x4c00040a;
    mpi.sum = (handle)0x58000003;
    mpi.in_place = (void *)-1;
  }
  if (init(NULL, NULL) || rank(mpi.world, &mpi.rank) || size(mpi.world, &mpi.count))
    return "MPI_Init failed";
  return NULL;
}

int cmpi_rank(void) { return mpi.rank; }
int cmpi_count(void) { return mpi.count; }

void cmpi_sum(float *values, intptr_t count) {
  for (intptr_t first = 0; first < count; first += LARGEST) {
    const intptr_t rest = count - first;
    mpi.allreduce(
      mpi.in_place, values + first, (int)(rest < LARGEST ? rest : LARGEST), mpi.real, mpi.sum,
      mpi.world);
  }
}

void cmpi_exchange_blocks(const float *sent, float *received, intptr_t block) {
  mpi.alltoall(sent, (int)block, mpi.real, received, (int)block, mpi.real, mpi.world);
}

void cmpi_gather_blocks(const float *own, float *received, intptr_t block) {
  mpi.allgather(own, (int)block, mpi.real, received, (int)block, mpi.real, mpi.world);
}

static struct {
  pthread_t thread;
  int code;
} leaving;

static void stay(int signal) {
  (void)signal;
  for (;;) pause();
}

/// Ends this process as one that has left, where `MPI_Finalize` waits forever: its launcher wants to be
/// told so, by the one line that PMI has for it.
static void *end_anyway(void *none) {
  sleep(3);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  // The other thread would take the launcher's answer for a failure.
  const struct sigaction staying = {.sa_handler = stay};
  sigaction(SIGUSR1, &staying, NULL);
  pthread_kill(leaving.thread, SIGUSR1);
  usleep(10000);
  static const char line[] = "cmd=finalize\n";
  const char *launcher = getenv("PMI_FD");
  if (launcher && write(atoi(launcher), line, strlen(line)) > 0) usleep(200000);
  _exit(leaving.code);
  return none;
}

void cmpi_leave(int code) {
  if (mpi.is_open) {
    mpi.finalize();
    return;
  }
  // MPICH with UCX 1.13 (Debian 12) often waits forever for ranks on other hosts that have left by TCP
  // (https://github.com/openucx/ucx/issues/8738); seldom, if all leave at the same time. There is
  // nothing more to wait for then.
  float none = 0;
  cmpi_sum(&none, 1);
  leaving.thread = pthread_self();
  leaving.code = code;
  pthread_t watch;
  const int is_watched = !pthread_create(&watch, NULL, end_anyway, NULL);
  mpi.finalize();
  if (is_watched) {
    pthread_cancel(watch);
    pthread_join(watch, NULL);
  }
}

void cmpi_abort(int code) { mpi.abort(mpi.world, code); }
