// The few functions of MPI that ranks need, of a library that is loaded when it is asked for.
//
// No header of MPI is needed to build this: Open MPI's handles are addresses of its symbols, MPICH's
// are fixed numbers of its binary interface (https://www.mpich.org/abi/).

#ifndef CMPI_H
#define CMPI_H

#include <stdint.h>

typedef enum { CMPI_OPEN_MPI, CMPI_MPICH } cmpi_library;

/// Loads the library and joins the other processes.
/// - Returns: `NULL`, or why that failed; the text stays valid.
const char *cmpi_join(cmpi_library library);

int cmpi_rank(void);
int cmpi_count(void);

/// Replaces `values` by their sums over all ranks, in the library's own order.
void cmpi_sum(float *values, intptr_t count);

/// Sends block `r` of `sent` to rank `r`; block `r` of `received` is from rank `r`.
void cmpi_exchange_blocks(const float *sent, float *received, intptr_t block);

/// Block `r` of `received` is rank `r`'s `own`.
void cmpi_gather_blocks(const float *own, float *received, intptr_t block);

/// Waits until all ranks have come here, and leaves them; this process will end with `code`.
void cmpi_leave(int code);

/// Ends all ranks.
void cmpi_abort(int code);

#endif
