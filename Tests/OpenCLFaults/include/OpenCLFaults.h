// A library to preload: one call of OpenCL fails, or all from one on.
//
//   LD_PRELOAD=libOpenCLFaults.so OPENCL_FAULTS_CALL=40 OPENCL_FAULTS_STATUS=-5 program
//
// Calls that create, build, set, queue, read, wait and ask are counted from 1; those that release are
// not, and never fail. The call of that number is not made and gives the status.
//
//   OPENCL_FAULTS_CALL     the number; none fails without it
//   OPENCL_FAULTS_STATUS   the status, -5 without it; "hang": the call never returns
//   OPENCL_FAULTS_LASTING  where it is set, all later ones fail, too
//   OPENCL_FAULTS_NAME     only calls of this function are counted
//   OPENCL_FAULTS_FILE     gets the failing call's number and name, "40 clCreateBuffer", once; where
//                          none failed, the number of calls and the word "calls" at exit
//
// It may stand before libOpenCLCounter.so, which then counts the calls that are made.

#ifndef OPENCL_FAULTS_H
#define OPENCL_FAULTS_H

/// How many calls there were.
long opencl_faults_calls(void);

#endif
