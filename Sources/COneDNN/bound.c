// A product with bias and relu, as one primitive made before the first run: C is written once,
// where a product and a loop after it would write it twice, and Bᵀ is read faster than sgemm does.

#include <stdlib.h>

#include "COneDNN.h"
#include "engine.h"

struct onednn_bound_product {
  dnnl_stream_t stream;
  /// A, B, C and, if there is one, the bias.
  dnnl_memory_t memories[4];
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t arguments[4];
  int argument_count;
};

#if DNNL_VERSION_MAJOR >= 3

static dnnl_status_t make_memory(
  dnnl_engine_t engine, intptr_t rows, intptr_t columns, dnnl_format_tag_t layout,
  const float *elements, dnnl_memory_t *memory
) {
  dnnl_memory_desc_t description;
  const dnnl_dims_t sizes = {rows, columns};
  dnnl_status_t status =
    dnnl_memory_desc_create_with_tag(&description, 2, sizes, dnnl_f32, layout);
  if (status) return status;
  status = dnnl_memory_create(memory, description, engine, (void *)elements);
  dnnl_memory_desc_destroy(description);
  return status;
}

static dnnl_status_t append_relu(dnnl_post_ops_t operations) {
  return dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0.0f, 0.0f);
}

static dnnl_status_t describe(
  dnnl_engine_t engine, const dnnl_memory_t memories[4], dnnl_primitive_attr_t attributes,
  dnnl_primitive_desc_t *description
) {
  const_dnnl_memory_desc_t types[4] = {NULL};
  for (int i = 0; i < 4 && memories[i]; ++i) {
    const dnnl_status_t status = dnnl_memory_get_memory_desc(memories[i], &types[i]);
    if (status) return status;
  }
  return dnnl_matmul_primitive_desc_create(
    description, engine, types[0], types[1], types[3], types[2], attributes);
}

#else

static dnnl_status_t make_memory(
  dnnl_engine_t engine, intptr_t rows, intptr_t columns, dnnl_format_tag_t layout,
  const float *elements, dnnl_memory_t *memory
) {
  dnnl_memory_desc_t description;
  const dnnl_dims_t sizes = {rows, columns};
  const dnnl_status_t status =
    dnnl_memory_desc_init_by_tag(&description, 2, sizes, dnnl_f32, layout);
  if (status) return status;
  return dnnl_memory_create(memory, &description, engine, (void *)elements);
}

static dnnl_status_t append_relu(dnnl_post_ops_t operations) {
  return dnnl_post_ops_append_eltwise(operations, 1.0f, dnnl_eltwise_relu, 0.0f, 0.0f);
}

static dnnl_status_t describe(
  dnnl_engine_t engine, const dnnl_memory_t memories[4], dnnl_primitive_attr_t attributes,
  dnnl_primitive_desc_t *description
) {
  const dnnl_memory_desc_t *types[4] = {NULL};
  for (int i = 0; i < 4 && memories[i]; ++i) {
    const dnnl_status_t status = dnnl_memory_get_memory_desc(memories[i], &types[i]);
    if (status) return status;
  }
  dnnl_matmul_desc_t operation;
  const dnnl_status_t status =
    dnnl_matmul_desc_init(&operation, types[0], types[1], types[3], types[2]);
  if (status) return status;
  return dnnl_primitive_desc_create(description, &operation, attributes, engine, NULL);
}

#endif

static dnnl_status_t make_primitive(
  dnnl_engine_t engine, const dnnl_memory_t memories[4], int relu, dnnl_primitive_t *primitive
) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_post_ops_t operations = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (!status && relu) {
    status = dnnl_post_ops_create(&operations);
    if (!status) status = append_relu(operations);
    if (!status) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
  }
  if (!status) status = describe(engine, memories, attributes, &description);
  if (!status) status = dnnl_primitive_create(primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (operations) dnnl_post_ops_destroy(operations);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

int onednn_bind_product(
  int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a, const float *b,
  const float *bias, int relu, float *c, onednn_bound_product **product
) {
  *product = NULL;
  dnnl_engine_t engine;
  dnnl_status_t status = onednn_engine(&engine);
  if (status) return (int)status;
  onednn_bound_product *made = calloc(1, sizeof *made);
  if (!made) return (int)dnnl_out_of_memory;
  status = dnnl_stream_create(&made->stream, engine, dnnl_stream_default_flags);
  if (!status) status = make_memory(engine, m, k, dnnl_ab, a, &made->memories[0]);
  const dnnl_format_tag_t layout = transpose_b ? dnnl_ba : dnnl_ab;
  if (!status) status = make_memory(engine, k, n, layout, b, &made->memories[1]);
  if (!status) status = make_memory(engine, m, n, dnnl_ab, c, &made->memories[2]);
  if (!status && bias) status = make_memory(engine, 1, n, dnnl_ab, bias, &made->memories[3]);
  if (!status) status = make_primitive(engine, made->memories, relu, &made->primitive);
  if (status) {
    onednn_release_product(made);
    return (int)status;
  }
  const int names[4] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS};
  made->argument_count = bias ? 4 : 3;
  for (int i = 0; i < made->argument_count; ++i) {
    made->arguments[i] = (dnnl_exec_arg_t){names[i], made->memories[i]};
  }
  *product = made;
  return 0;
}

int onednn_run_product(const onednn_bound_product *product) {
  return (int)dnnl_primitive_execute(
    product->primitive, product->stream, product->argument_count, product->arguments);
}

void onednn_release_product(onednn_bound_product *product) {
  if (!product) return;
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
  for (int i = 0; i < 4; ++i) {
    if (product->memories[i]) dnnl_memory_destroy(product->memories[i]);
  }
  if (product->stream) dnnl_stream_destroy(product->stream);
  free(product);
}
