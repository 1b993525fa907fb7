// Switches over the lists of CLoops.h: a file that includes this does not compile if a case is
// missing.

#ifndef CLOOPS_SWITCHES_H
#define CLOOPS_SWITCHES_H

#pragma clang diagnostic error "-Wswitch"

/// For the lists: the case `name`, which calls `X(name)`.
#define LOOPS_CASE(name, X) \
  case name: X(name); break;

#endif
