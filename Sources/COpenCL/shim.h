#pragma once
#define CL_TARGET_OPENCL_VERSION 300
// clCreateCommandQueue: the one call for queues that devices before OpenCL 2.0 have.
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>
#include <clblast_c.h>
