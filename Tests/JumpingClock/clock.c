// Stands before the C library's functions that tell the time of day.

#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "JumpingClock.h"

static long number_of(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

/// How far the clock is ahead in this reading.
static long jump(void) {
  static atomic_long readings;
  const long every = number_of("JUMPING_CLOCK_EVERY");
  const long reading = atomic_fetch_add(&readings, 1);
  return every == 0 || reading / every % 2 == 1 ? number_of("JUMPING_CLOCK_SECONDS") : 0;
}

int jumping_clock_read(clockid_t clock, struct timespec *now) {
  const long status = syscall(SYS_clock_gettime, clock, now);
  const int is_of_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (status == 0 && is_of_day) now->tv_sec += jump();
  return (int)status;
}

int clock_gettime(clockid_t clock, struct timespec *now) { return jumping_clock_read(clock, now); }

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec read;
  if (jumping_clock_read(CLOCK_REALTIME, &read) != 0) return -1;
  *now = (struct timeval){read.tv_sec, read.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  if (jumping_clock_read(CLOCK_REALTIME, &now) != 0) return -1;
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
