// How long threads waited for a CPU that another process had.

#include <dirent.h>
#include <stdio.h>

#include "CLoopsThreads.h"

int64_t loops_waited_for_cpu(void) {
  DIR *threads = opendir("/proc/self/task");
  if (!threads) return -1;
  int64_t sum = -1;
  for (const struct dirent *thread; (thread = readdir(threads));) {
    char path[64 + sizeof thread->d_name];
    if (thread->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", thread->d_name);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    // Time on a CPU, time waited for one, and how often it got one.
    long long waited;
    if (fscanf(file, "%*d %lld", &waited) == 1) sum = (sum < 0 ? 0 : sum) + waited;
    fclose(file);
  }
  closedir(threads);
  return sum;
}
