// Uses the threads of oneDNN's OpenMP library: there is only one pool, and no pool waits for
// another.
//
// Clang cannot compile OpenMP pragmas for libgomp; its entry point is called by name instead.
// Without the library, loops run serially.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "parallel.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <unistd.h>

#include "CLoops.h"

static struct {
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned);
  int (*thread)(void);
  int (*team)(void);
  int (*in_parallel)(void);
  int (*largest_team)(void);
  void (*set_team)(int);
} openmp;
static int available;
static int default_team = 1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_openmp(void) {
  void *library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&openmp.parallel = dlsym(library, "GOMP_parallel");
  *(void **)&openmp.thread = dlsym(library, "omp_get_thread_num");
  *(void **)&openmp.team = dlsym(library, "omp_get_num_threads");
  *(void **)&openmp.in_parallel = dlsym(library, "omp_in_parallel");
  *(void **)&openmp.largest_team = dlsym(library, "omp_get_max_threads");
  *(void **)&openmp.set_team = dlsym(library, "omp_set_num_threads");
  available = openmp.parallel && openmp.thread && openmp.team && openmp.in_parallel
    && openmp.largest_team && openmp.set_team;
  // Read only once: `loops_use_threads` changes the value.
  if (available) default_team = openmp.largest_team();
}

int loops_default_threads(void) {
  pthread_once(&once, find_openmp);
  return default_team;
}

void loops_use_threads(int threads) {
  pthread_once(&once, find_openmp);
  if (available && openmp.largest_team() != threads) openmp.set_team(threads);
}

#if defined(__has_feature) && __has_feature(thread_sanitizer)
// ThreadSanitizer does not see that threads wait for each other in libgomp, where a region begins and
// where it ends: it is told so (Tools/sanitize).
void __tsan_acquire(void *address);
void __tsan_release(void *address);

struct told {
  void (*region)(void *);
  void *context;
};

static void run_told(void *context) {
  __tsan_acquire(context);
  const struct told *told = context;
  told->region(told->context);
  __tsan_release(context);
}

static void run_region(void (*region)(void *), void *context, unsigned threads) {
  struct told told = {region, context};
  __tsan_release(&told);
  openmp.parallel(run_told, &told, threads, 0);
  __tsan_acquire(&told);
}
#else
static void run_region(void (*region)(void *), void *context, unsigned threads) {
  openmp.parallel(region, context, threads, 0);
}
#endif

void loops_parallel(int threads, void (*region)(void *), void *context) {
  pthread_once(&once, find_openmp);
  if (threads > 1 && available && !openmp.in_parallel()) {
    run_region(region, context, (unsigned)threads);
  } else {
    region(context);
  }
}

int loops_thread(void) { return available ? openmp.thread() : 0; }
int loops_team(void) { return available ? openmp.team() : 1; }

struct run {
  loops_body *body;
  loops_sum_body *sum;
  const void *context;
  intptr_t count, unit;
  int parts;
  double *partial;
};

/// The beginning of part `part`: whole units, spread evenly.
static intptr_t beginning(const struct run *run, int part) {
  const intptr_t units = (run->count + run->unit - 1) / run->unit;
  const intptr_t begin = units * part / run->parts * run->unit;
  return begin < run->count ? begin : run->count;
}

static void run_parts(void *context) {
  const struct run *run = context;
  const int team = loops_team(), thread = loops_thread();
  // Neighbouring parts for one thread: its earlier results are in its cache.
  const int last = run->parts * (thread + 1) / team;
  for (int part = run->parts * thread / team; part < last; ++part) {
    const intptr_t begin = beginning(run, part);
    const intptr_t end = beginning(run, part + 1);
    if (begin >= end) continue;
    if (run->body) {
      run->body(run->context, begin, end);
    } else {
      run->partial[part] = run->sum(run->context, begin, end);
    }
  }
}

void loops_over(
  int threads, intptr_t count, intptr_t unit, intptr_t grain, loops_body *body, const void *context
) {
  const intptr_t wanted = count / grain;
  const int parts = wanted < threads ? (int)wanted : threads;
  if (parts <= 1) {
    if (count > 0) body(context, 0, count);
    return;
  }
  struct run run = {body, NULL, context, count, unit, parts, NULL};
  loops_parallel(parts, run_parts, &run);
}

loops_range loops_share(loops_range all, int thread, int team) {
  enum { UNIT = 16 };
  const intptr_t count = all.end - all.begin, units = (count + UNIT - 1) / UNIT;
  const intptr_t begin = units * thread / team * UNIT, end = units * (thread + 1) / team * UNIT;
  return (loops_range){all.begin + begin, all.begin + (end < count ? end : count)};
}

struct shares {
  const loops_range *ranges;
  intptr_t count;
  loops_body *body;
  const void *context;
};

static void run_shares(void *context) {
  const struct shares *s = context;
  const int team = loops_team(), thread = loops_thread();
  for (intptr_t r = 0; r < s->count; ++r) {
    const loops_range share = loops_share(s->ranges[r], thread, team);
    if (share.begin < share.end) s->body(s->context, share.begin, share.end);
  }
}

void loops_over_ranges(
  int threads, const loops_range *ranges, intptr_t count, intptr_t grain, loops_body *body,
  const void *context
) {
  struct shares shares = {ranges, count, body, context};
  intptr_t elements = 0;
  for (intptr_t r = 0; r < count; ++r) elements += ranges[r].end - ranges[r].begin;
  if (elements >= 2 * grain) {
    loops_parallel(threads, run_shares, &shares);
  } else {
    for (intptr_t r = 0; r < count; ++r) body(context, ranges[r].begin, ranges[r].end);
  }
}

enum { SUM_PARTS = 64, SUM_PART = 2048 };

double loops_sum_over(int threads, intptr_t count, loops_sum_body *sum, const void *context) {
  double partial[SUM_PARTS] = {0};
  const intptr_t wanted = (count + SUM_PART - 1) / SUM_PART;
  const int parts = wanted < SUM_PARTS ? (int)wanted : SUM_PARTS;
  struct run run = {NULL, sum, context, count, 64, parts, partial};
  if (parts == 0) return 0;
  if (parts == 1) return sum(context, 0, count);
  loops_parallel(parts < threads ? parts : threads, run_parts, &run);
  double total = 0;
  for (int part = 0; part < parts; ++part) total += partial[part];
  return total;
}

#ifdef __linux__
/// The CPUs of the process, before threads were pinned.
static cpu_set_t all_cpus;

static void unpin_thread(void *context) {
  (void)context;
  pthread_setaffinity_np(pthread_self(), sizeof all_cpus, &all_cpus);
}

void loops_unpin_threads(int threads) {
  if (CPU_COUNT(&all_cpus) > 0) loops_parallel(threads, unpin_thread, NULL);
}

static void pin_thread(void *context) {
  const cpu_set_t *mask = context;
  int skip = loops_thread();
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, mask) || skip-- > 0) continue;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(cpu, &own);
    pthread_setaffinity_np(pthread_self(), sizeof own, &own);
    return;
  }
}

int loops_pin_threads(int threads) {
  pthread_once(&once, find_openmp);
  cpu_set_t mask;
  if (!available || sched_getaffinity(0, sizeof mask, &mask) != 0) return 0;
  if (CPU_COUNT(&mask) < sysconf(_SC_NPROCESSORS_ONLN) || threads > CPU_COUNT(&mask)) return 0;
  all_cpus = mask;
  loops_parallel(threads, pin_thread, &mask);
  return 1;
}
#else
int loops_pin_threads(int threads) {
  (void)threads;
  return 0;
}

void loops_unpin_threads(int threads) { (void)threads; }
#endif
