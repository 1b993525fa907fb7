// A library to preload: it counts what a program asks of OpenCL.
//
//   LD_PRELOAD=libOpenCLCounter.so OPENCL_COUNTER_FILE=counts.json program
//
// At exit the file holds one JSON object: {"after": {…}, "end": {…}}. "after" is how things stood
// when launch $OPENCL_COUNTER_AFTER was queued (null without it, or if there were not so many),
// "end" how they stand at exit. Each has "program", calls from anywhere but CLBlast, and "clblast",
// those from its library:
//
//   {"context": {"created": 1, "retained": 0, "released": 1}, "queue": …, "buffer": …, "program":
// …,
//    "kernel": …, "event": …, "launches": 9, "reads": 1, "writes": 2, "waits": 3, "arguments": 40}
//
// and "alive": {"context": 0, …}, created and retained less released, both callers together.
// Sub-buffers count as buffers. An event is created by each call that hands one out. A wait is a
// clFinish, a clWaitForEvents, or a blocking read, write or map. Launches count from 1 and from the
// program only.

#ifndef OPENCL_COUNTER_H
#define OPENCL_COUNTER_H

/// Writes the counts now, as at exit.
void opencl_counter_write(void);

#endif
