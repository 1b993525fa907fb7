// Keeps the counts and writes them at exit.

#include "counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "OpenCLCounter.h"

/// Calls from anywhere but CLBlast, and from CLBlast.
static struct counts program, clblast;
/// Both as they were at launch $OPENCL_COUNTER_AFTER.
static struct counts program_after, clblast_after;
static atomic_int has_after;

void *next_function(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) {
    fprintf(stderr, "OpenCLCounter: expected an OpenCL library with %s, found none\n", name);
    abort();
  }
  return function;
}

struct counts *counts_of(void *address) {
  Dl_info library;
  if (dladdr(address, &library) && library.dli_fname && strstr(library.dli_fname, "libclblast")) {
    return &clblast;
  }
  return &program;
}

static long after_launch(void) {
  static long after = -1;
  if (after < 0) {
    const char *text = getenv("OPENCL_COUNTER_AFTER");
    after = text ? atol(text) : 0;
  }
  return after;
}

void count_launch(struct counts *counts) {
  const long launch = atomic_fetch_add(&counts->launches, 1) + 1;
  if (counts == &program && launch == after_launch()) {
    // The counters are plain numbers in memory: a copy is a snapshot.
    memcpy(&program_after, &program, sizeof program);
    memcpy(&clblast_after, &clblast, sizeof clblast);
    has_after = 1;
  }
}

static const char *const kind_names[KINDS] = {"context", "queue",  "buffer",
                                              "program", "kernel", "event"};

static void write_counts(FILE *file, const char *name, struct counts *counts) {
  fprintf(file, "\"%s\": {", name);
  for (int kind = 0; kind < KINDS; ++kind) {
    fprintf(
      file, "\"%s\": {\"created\": %ld, \"retained\": %ld, \"released\": %ld}, ", kind_names[kind],
      (long)counts->created[kind], (long)counts->retained[kind], (long)counts->released[kind]);
  }
  fprintf(
    file, "\"launches\": %ld, \"reads\": %ld, \"writes\": %ld, \"waits\": %ld, \"arguments\": %ld}",
    (long)counts->launches, (long)counts->reads, (long)counts->writes, (long)counts->waits,
    (long)counts->arguments);
}

static void write_moment(FILE *file, const char *name, struct counts *a, struct counts *b) {
  fprintf(file, "\"%s\": {", name);
  write_counts(file, "program", a);
  fprintf(file, ", ");
  write_counts(file, "clblast", b);
  fprintf(file, ", \"alive\": {");
  for (int kind = 0; kind < KINDS; ++kind) {
    const long alive = a->created[kind] + a->retained[kind] - a->released[kind] + b->created[kind]
                       + b->retained[kind] - b->released[kind];
    fprintf(file, "%s\"%s\": %ld", kind ? ", " : "", kind_names[kind], alive);
  }
  fprintf(file, "}}");
}

__attribute__((destructor)) void opencl_counter_write(void) {
  const char *path = getenv("OPENCL_COUNTER_FILE");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "{");
  if (has_after) {
    write_moment(file, "after", &program_after, &clblast_after);
  } else {
    fprintf(file, "\"after\": null");
  }
  fprintf(file, ", ");
  write_moment(file, "end", &program, &clblast);
  fprintf(file, "}\n");
  fclose(file);
}
