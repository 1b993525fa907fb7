// Operands that only some variants of a kernel have: an unused argument would also make each launch
// slower (PoCL copies each argument).
//
// EPILOGUE_PARAMETERS and COLUMN_SUM_PARAMETERS follow another parameter. An epilogue reads
// BIAS_AT, ADDEND_AT and OPERAND_AT, which are null if they are not used. With LOSS, DERIVATIVE is
// the loss's (losses.cl), and no operand is read.
#include "losses.cl"

#ifndef COLUMN_SUMS
#define COLUMN_SUMS 0
#endif

#if BIAS
#define BIAS_PARAMETERS , __global const float *bias, int bias0
#define BIAS_AT (bias + bias0)
#else
#define BIAS_PARAMETERS
#define BIAS_AT ((__global const float *)0)
#endif
#if ADDEND
#define ADDEND_PARAMETERS , __global const float *addend, int addend0
#define ADDEND_AT (addend + addend0)
#else
#define ADDEND_PARAMETERS
#define ADDEND_AT ((__global const float *)0)
#endif
#if DERIVATIVE && !LOSS
#define OPERAND_PARAMETERS , __global const float *operand, int operand0
#define OPERAND_AT (operand + operand0)
#else
#define OPERAND_PARAMETERS
#define OPERAND_AT ((__global const float *)0)
#endif
#define EPILOGUE_PARAMETERS BIAS_PARAMETERS ADDEND_PARAMETERS OPERAND_PARAMETERS

#if COLUMN_SUMS
#define COLUMN_SUM_PARAMETERS , __global float *sums, int sums0
#else
#define COLUMN_SUM_PARAMETERS
#endif
