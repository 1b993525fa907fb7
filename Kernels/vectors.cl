// Vectors of elements, which all kernels use.
//
// A kernel is written once, in terms of `floatV`. On a GPU that is a float, and a launch has many
// work-items; on a CPU device it is a float16, and each work-item is a separate work-group that
// loops over a chunk. Reads of whole vectors may go beyond the end of a tensor: every buffer is
// padded for that. Stores never do.

/// Elements of a `floatV`: 1 or 16.
#ifndef VECTOR
#define VECTOR 1
#endif
/// Work-items of a work-group, a power of two.
#ifndef LOCAL
#define LOCAL 1
#endif

/// The beginning of a kernel. A fused launch calls some kernels as functions, CALLED, and passes
/// the ids of the work-group that each would have.
#ifndef CALLED
#define CALLED 0
#endif
#if CALLED
#define ENTRY(x, y) static
#define IDS int group0, int group1, int groups0, int groups1,
#define get_group_id(dimension) ((dimension) == 0 ? group0 : group1)
#define get_num_groups(dimension) ((dimension) == 0 ? groups0 : groups1)
#define get_global_id(dimension) group0
#define get_global_size(dimension) groups0
#else
#define ENTRY(x, y) __kernel __attribute__((reqd_work_group_size(x, y, 1)))
#define IDS
#endif
#define FLAT ENTRY(LOCAL, 1)

/// Begins to read a cache line that is needed later.
// Only where the compiler makes instructions of a CPU: SPIR-V has no prefetch, and Mesa's compiler of it hides that it makes it.
#if VECTOR == 16 && defined(__has_builtin) \
  && (defined(__x86_64__) || defined(__aarch64__) || defined(__riscv))
#if __has_builtin(__builtin_prefetch)
#define ae_prefetch(x) __builtin_prefetch(x)
#endif
#endif
#ifndef ae_prefetch
#define ae_prefetch(x)
#endif

#if VECTOR == 16
#define floatV float16
#define intV int16
#define uintV uint16
#define as_floatV as_float16
#define as_intV as_int16
#define as_uintV as_uint16
#define convert_floatV convert_float16
#define convert_intV convert_int16
#define convert_uintV convert_uint16
#define LANES ((int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define LOAD(p) vload16(0, (p))

/// A vector at the alignment of a float. PoCL compiles `vstore16` to three stores, this to one.
#ifdef __clang__
typedef float16 ae_Loose __attribute__((aligned(4)));
#define STORE(value, p) (*(__global ae_Loose *)(p) = (value))
#else
#define STORE(value, p) vstore16((value), 0, (p))
#endif

/// Stores the first `valid` elements.
static void ae_store(floatV value, __global float *p, int valid) {
  if (valid >= 16) {
    STORE(value, p);
  } else {
    float lanes[16];
    vstore16(value, 0, lanes);
    for (int lane = 0; lane < valid; ++lane) p[lane] = lanes[lane];
  }
}

static float ae_sum(floatV x) {
  const float8 a = x.lo + x.hi;
  const float4 b = a.lo + a.hi;
  const float2 c = b.lo + b.hi;
  return c.lo + c.hi;
}

static uint ae_max(uintV x) {
  const uint8 a = max(x.lo, x.hi);
  const uint4 b = max(a.lo, a.hi);
  const uint2 c = max(b.lo, b.hi);
  return max(c.lo, c.hi);
}

/// The beginning of the chunk of work-item `item` of `items`, in elements: whole vectors.
static int ae_chunk(int count, int item, int items) {
  return (int)((long)((count - 1) / 16 + 1) * item / items) * 16;
}
#else
#define floatV float
#define intV int
#define uintV uint
#define as_floatV as_float
#define as_intV as_int
#define as_uintV as_uint
#define convert_floatV convert_float
#define convert_intV convert_int
#define convert_uintV convert_uint
#define LANES 0
#define LOAD(p) (*(p))

static void ae_store(floatV value, __global float *p, int valid) { *p = value; }
static float ae_sum(floatV x) { return x; }
static uint ae_max(uintV x) { return x; }
#endif

/// `x` with zeros from element `valid`.
static floatV ae_first(floatV x, int valid) { return LANES < valid ? x : (floatV)(0.0f); }
