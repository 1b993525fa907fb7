// Operands that only some variants of a kernel take: one that is not read costs every launch time,
// too (PoCL copies each argument).
//
// EPILOGUE_PARAMETERS and COLUMN_SUM_PARAMETERS stand behind another parameter. What an epilogue
// reads is BIAS_AT, ADDEND_AT and OPERAND_AT, null where it is not asked for. Where LOSS,
// DERIVATIVE is the loss's (losses.cl), and reads no operand.
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
