// MPI's functions by name. Errors of the library end all ranks, which is its default.

#include <dlfcn.h>
#include <stddef.h>

#include "CMPI.h"

/// A handle: an address in Open MPI, a number in MPICH. On the machines at hand both are passed
/// alike, a number in the low half of the register.
typedef void *handle;

static struct {
  handle world, real, sum;
  void *in_place;
  int rank, count;
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
  const int is_open = kind == CMPI_OPEN_MPI;
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

void cmpi_leave(void) { mpi.finalize(); }

void cmpi_abort(int code) { mpi.abort(mpi.world, code); }
