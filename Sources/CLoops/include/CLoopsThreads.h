#ifndef CLOOPS_THREADS_H
#define CLOOPS_THREADS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Threads, and how long they wait for a CPU (parallel.c, waiting.c).

/// The number of threads that OpenMP uses, from its environment variables and the process's CPU mask.
int loops_default_threads(void);
/// Sets how many threads oneDNN may use when called from this thread.
void loops_use_threads(int threads);
/// Calls `region(context)` on each of `threads` threads.
void loops_parallel(int threads, void (*region)(void *), void *_Nullable context);
/// Within a region: the index of this thread, and the number of threads.
int loops_thread(void);
int loops_team(void);
/// Pins each thread of the pool, and the calling thread, to a separate CPU. Does nothing if the
/// process is limited to some of the CPUs. Threads that the calling thread starts later inherit its
/// CPU. Returns whether the threads were pinned.
int loops_pin_threads(int threads);
/// Lets the same threads run on all CPUs of the process again.
void loops_unpin_threads(int threads);
/// The nanoseconds that threads of this process, which are still there, were ready to run and waited
/// for a CPU; -1 where the kernel does not tell.
int64_t loops_waited_for_cpu(void);

#pragma clang assume_nonnull end

#endif
