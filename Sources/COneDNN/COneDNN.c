#include "COneDNN.h"

#include <dnnl.h>

int onednn_product(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, intptr_t first,
  intptr_t rows, const float *a, const float *b, float beta, float *c
) {
  return (int)dnnl_sgemm(
    transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, n, k, 1.0f,
    a + first * (transpose_a ? 1 : k), transpose_a ? m : k, b, transpose_b ? k : n, beta,
    c + first * n, n);
}

const char *onednn_status_name(int status) {
  switch ((dnnl_status_t)status) {
  case dnnl_success: return "success";
  case dnnl_out_of_memory: return "out_of_memory";
  case dnnl_invalid_arguments: return "invalid_arguments";
  case dnnl_unimplemented: return "unimplemented";
  case dnnl_runtime_error: return "runtime_error";
  case dnnl_not_required: return "not_required";
#if DNNL_VERSION_MAJOR >= 3
  case dnnl_invalid_graph: return "invalid_graph";
  case dnnl_invalid_graph_op: return "invalid_graph_op";
  case dnnl_invalid_shape: return "invalid_shape";
  case dnnl_invalid_data_type: return "invalid_data_type";
  case dnnl_last_impl_reached: return "last_impl_reached";
#else
  case dnnl_iterator_ends: return "iterator_ends";
#endif
  }
  return "unknown";
}

void onednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major;
  *minor = version->minor;
  *patch = version->patch;
}
