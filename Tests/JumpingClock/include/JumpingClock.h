// A library to preload: the time of day is another one.
//
//   LD_PRELOAD=libJumpingClock.so JUMPING_CLOCK_SECONDS=-630000000 program
//
// It is so many seconds ahead; with JUMPING_CLOCK_EVERY=n only in every second n readings, so that it
// jumps there and back. Clocks that only run on (CLOCK_MONOTONIC, CLOCK_BOOTTIME) are as they are.

#ifndef JUMPING_CLOCK_H
#define JUMPING_CLOCK_H

#include <time.h>

/// `clock_gettime` as a program sees it.
int jumping_clock_read(clockid_t clock, struct timespec *now);

#endif
