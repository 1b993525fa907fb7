// A convolution or one of its gradients as a primitive made before the first run. Images are NHWC;
// weights are `[K, K, C, O]` outside and, inside, in the order that the primitive asks for: they
// are reordered at each run, which takes little time compared with the convolution.

#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "engine.h"

enum { X, W, Y, BIAS, TENSORS };

struct onednn_bound_convolution {
  onednn_pass pass;
  dnnl_stream_t stream;
  /// As the caller has them.
  dnnl_memory_t memories[TENSORS];
  /// The weights as the primitive has them, if that is otherwise.
  dnnl_memory_t inner_weights;
  dnnl_primitive_t primitive, reorder;
  dnnl_exec_arg_t arguments[TENSORS], reorder_arguments[2];
  int argument_count;
  char implementation[64];
};

/// What a primitive is made from.
struct description {
  dnnl_dims_t x, w, y, bias, strides, before, after;
  dnnl_primitive_attr_t attributes;
};

static void describe_sizes(const onednn_convolution_sizes *s, struct description *d) {
  const struct description sizes = {
    .x = {s->images, s->channels, s->height, s->width},
    .w = {s->outputs, s->channels, s->size, s->size},
    .y = {s->images, s->outputs, s->result_height, s->result_width},
    .bias = {s->outputs},
    .strides = {s->stride, s->stride},
    .before = {s->above, s->left},
    .after = {s->below, s->right},
    .attributes = d->attributes,
  };
  *d = sizes;
}

#if DNNL_VERSION_MAJOR >= 3

typedef dnnl_memory_desc_t memory_type;
typedef const_dnnl_memory_desc_t memory_type_reference;

static dnnl_status_t make_type(
  memory_type *type, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t order
) {
  return dnnl_memory_desc_create_with_tag(type, rank, sizes, dnnl_f32, order);
}
static void release_type(memory_type *type) {
  if (*type) dnnl_memory_desc_destroy(*type);
}
static memory_type_reference reference(const memory_type *type) { return *type; }

static dnnl_status_t append_activation(dnnl_post_ops_t operations, onednn_activation activation) {
  return activation == ONEDNN_ELU
    ? dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_elu, 1.0f, 0.0f)
    : dnnl_post_ops_append_eltwise(
        operations, dnnl_eltwise_relu, activation == ONEDNN_LEAKY_RELU ? 0.01f : 0.0f, 0.0f);
}

static dnnl_status_t make_forward(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS], int biased,
  dnnl_primitive_desc_t *made
) {
  return dnnl_convolution_forward_primitive_desc_create(
    made, engine, dnnl_forward_training, dnnl_convolution_direct, types[X], types[W],
    biased ? types[BIAS] : NULL, types[Y], d->strides, NULL, d->before, d->after, d->attributes);
}

static dnnl_status_t make_input_gradient(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS],
  dnnl_primitive_desc_t forward, dnnl_primitive_desc_t *made
) {
  return dnnl_convolution_backward_data_primitive_desc_create(
    made, engine, dnnl_convolution_direct, types[X], types[W], types[Y], d->strides, NULL,
    d->before, d->after, forward, NULL);
}

static dnnl_status_t make_weight_gradient(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS], int biased,
  dnnl_primitive_desc_t forward, dnnl_primitive_desc_t *made
) {
  return dnnl_convolution_backward_weights_primitive_desc_create(
    made, engine, dnnl_convolution_direct, types[X], types[W], biased ? types[BIAS] : NULL,
    types[Y], d->strides, NULL, d->before, d->after, forward, NULL);
}

static int same_type(memory_type_reference a, memory_type_reference b) {
  return dnnl_memory_desc_equal(a, b);
}

#else

typedef dnnl_memory_desc_t memory_type;
typedef const dnnl_memory_desc_t *memory_type_reference;

static dnnl_status_t make_type(
  memory_type *type, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t order
) {
  return dnnl_memory_desc_init_by_tag(type, rank, sizes, dnnl_f32, order);
}
static void release_type(memory_type *type) { (void)type; }
static memory_type_reference reference(const memory_type *type) { return type; }

static dnnl_status_t append_activation(dnnl_post_ops_t operations, onednn_activation activation) {
  return activation == ONEDNN_ELU
    ? dnnl_post_ops_append_eltwise(operations, 1.0f, dnnl_eltwise_elu, 1.0f, 0.0f)
    : dnnl_post_ops_append_eltwise(
        operations, 1.0f, dnnl_eltwise_relu, activation == ONEDNN_LEAKY_RELU ? 0.01f : 0.0f, 0.0f);
}

static dnnl_status_t make_forward(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS], int biased,
  dnnl_primitive_desc_t *made
) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_forward_desc_init(
    &operation, dnnl_forward_training, dnnl_convolution_direct, &types[X], &types[W],
    biased ? &types[BIAS] : NULL, &types[Y], d->strides, d->before, d->after);
  if (status) return status;
  return dnnl_primitive_desc_create(made, &operation, d->attributes, engine, NULL);
}

static dnnl_status_t make_input_gradient(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS],
  dnnl_primitive_desc_t forward, dnnl_primitive_desc_t *made
) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
    &operation, dnnl_convolution_direct, &types[X], &types[W], &types[Y], d->strides, d->before,
    d->after);
  if (status) return status;
  return dnnl_primitive_desc_create(made, &operation, NULL, engine, forward);
}

static dnnl_status_t make_weight_gradient(
  dnnl_engine_t engine, const struct description *d, memory_type types[TENSORS], int biased,
  dnnl_primitive_desc_t forward, dnnl_primitive_desc_t *made
) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
    &operation, dnnl_convolution_direct, &types[X], &types[W], biased ? &types[BIAS] : NULL,
    &types[Y], d->strides, d->before, d->after);
  if (status) return status;
  return dnnl_primitive_desc_create(made, &operation, NULL, engine, forward);
}

static int same_type(memory_type_reference a, memory_type_reference b) {
  return dnnl_memory_desc_equal(a, b);
}

#endif

static dnnl_status_t make_attributes(
  onednn_activation activation, dnnl_primitive_attr_t *attributes
) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status || activation == ONEDNN_IDENTITY) return status;
  dnnl_post_ops_t operations = NULL;
  status = dnnl_post_ops_create(&operations);
  if (!status) status = append_activation(operations, activation);
  if (!status) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  if (operations) dnnl_post_ops_destroy(operations);
  return status;
}

/// The pass, with weights in whatever order it is fastest with. A gradient needs the description of
/// its forward pass.
static dnnl_status_t make_description(
  dnnl_engine_t engine, onednn_pass pass, const struct description *d, int biased,
  dnnl_primitive_desc_t *made
) {
  memory_type types[TENSORS] = {0};
  dnnl_primitive_desc_t forward = NULL;
  dnnl_status_t status = make_type(&types[X], 4, d->x, dnnl_nhwc);
  if (!status) status = make_type(&types[W], 4, d->w, dnnl_format_tag_any);
  if (!status) status = make_type(&types[Y], 4, d->y, dnnl_nhwc);
  if (!status) status = make_type(&types[BIAS], 1, d->bias, dnnl_a);
  if (!status) {
    status = make_forward(
      engine, d, types, biased && pass != ONEDNN_INPUT_GRADIENT,
      pass == ONEDNN_FORWARD ? made : &forward);
  }
  if (!status && pass == ONEDNN_INPUT_GRADIENT) {
    status = make_input_gradient(engine, d, types, forward, made);
  }
  if (!status && pass == ONEDNN_WEIGHT_GRADIENT) {
    status = make_weight_gradient(engine, d, types, biased, forward, made);
  }
  if (forward) dnnl_primitive_desc_destroy(forward);
  for (int i = 0; i < TENSORS; ++i) release_type(&types[i]);
  return status;
}

static dnnl_status_t make_memory(
  dnnl_engine_t engine, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t order,
  const float *elements, dnnl_memory_t *memory
) {
  memory_type type = {0};
  dnnl_status_t status = make_type(&type, rank, sizes, order);
  if (!status) {
    status = dnnl_memory_create(memory, reference(&type), engine, (void *)elements);
  }
  release_type(&type);
  return status;
}

/// Weights of the primitive's own, and the reordering to them or from them, where its order is not
/// `[K, K, C, O]`.
static dnnl_status_t make_reorder(
  dnnl_engine_t engine, dnnl_primitive_desc_t description, onednn_bound_convolution *made
) {
  const int gradient = made->pass == ONEDNN_WEIGHT_GRADIENT;
  memory_type_reference inner = dnnl_primitive_desc_query_md(
    description, gradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  memory_type_reference outer;
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t queried;
#else
  const dnnl_memory_desc_t *queried;
#endif
  dnnl_status_t status = dnnl_memory_get_memory_desc(made->memories[W], &queried);
  if (status) return status;
  outer = queried;
  if (same_type(inner, outer)) return dnnl_success;
  status = dnnl_memory_create(&made->inner_weights, inner, engine, DNNL_MEMORY_ALLOCATE);
  dnnl_primitive_desc_t reorder = NULL;
  if (!status) {
    status = dnnl_reorder_primitive_desc_create(
      &reorder, gradient ? inner : outer, engine, gradient ? outer : inner, engine, NULL);
  }
  if (!status) status = dnnl_primitive_create(&made->reorder, reorder);
  if (reorder) dnnl_primitive_desc_destroy(reorder);
  const dnnl_memory_t ends[2] = {made->memories[W], made->inner_weights};
  made->reorder_arguments[0] = (dnnl_exec_arg_t){DNNL_ARG_FROM, ends[gradient]};
  made->reorder_arguments[1] = (dnnl_exec_arg_t){DNNL_ARG_TO, ends[!gradient]};
  return status;
}

static void bind_arguments(onednn_bound_convolution *made) {
  static const int names[3][TENSORS] = {
    {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS},
    {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST, 0},
    {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_BIAS},
  };
  for (int i = 0; i < TENSORS; ++i) {
    dnnl_memory_t memory = made->memories[i];
    if (!memory) continue;
    if (i == W && made->inner_weights) memory = made->inner_weights;
    made->arguments[made->argument_count++] = (dnnl_exec_arg_t){names[made->pass][i], memory};
  }
}

static dnnl_status_t make_all(
  dnnl_engine_t engine, const onednn_convolution_sizes *sizes, const float *x, const float *w,
  const float *y, const float *bias, onednn_activation activation, onednn_bound_convolution *made
) {
  struct description d = {0};
  describe_sizes(sizes, &d);
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_stream_create(&made->stream, engine, dnnl_stream_default_flags);
  if (!status) status = make_memory(engine, 4, d.x, dnnl_nhwc, x, &made->memories[X]);
  if (!status) status = make_memory(engine, 4, d.w, dnnl_hwio, w, &made->memories[W]);
  if (!status) status = make_memory(engine, 4, d.y, dnnl_nhwc, y, &made->memories[Y]);
  if (!status && bias) {
    status = make_memory(engine, 1, d.bias, dnnl_a, bias, &made->memories[BIAS]);
  }
  if (!status) status = make_attributes(activation, &d.attributes);
  if (!status) status = make_description(engine, made->pass, &d, bias != NULL, &description);
  if (!status) {
    const char *name = NULL;
    status = dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    if (!status) strncpy(made->implementation, name, sizeof made->implementation - 1);
  }
  if (!status) status = make_reorder(engine, description, made);
  if (!status) status = dnnl_primitive_create(&made->primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (d.attributes) dnnl_primitive_attr_destroy(d.attributes);
  if (!status) bind_arguments(made);
  return status;
}

int onednn_bind_convolution(
  onednn_pass pass, const onednn_convolution_sizes *sizes, const float *x, const float *w,
  const float *y, const float *bias, onednn_activation activation,
  onednn_bound_convolution **convolution
) {
  *convolution = NULL;
  dnnl_engine_t engine;
  dnnl_status_t status = onednn_engine(&engine);
  if (status) return (int)status;
  onednn_bound_convolution *made = calloc(1, sizeof *made);
  if (!made) return (int)dnnl_out_of_memory;
  made->pass = pass;
  status = make_all(engine, sizes, x, w, y, bias, activation, made);
  if (status) {
    onednn_release_convolution(made);
    return (int)status;
  }
  *convolution = made;
  return 0;
}

int onednn_run_convolution(const onednn_bound_convolution *c) {
  dnnl_status_t status = dnnl_success;
  if (c->reorder && c->pass != ONEDNN_WEIGHT_GRADIENT) {
    status = dnnl_primitive_execute(c->reorder, c->stream, 2, c->reorder_arguments);
  }
  if (!status) {
    status = dnnl_primitive_execute(c->primitive, c->stream, c->argument_count, c->arguments);
  }
  if (!status && c->reorder && c->pass == ONEDNN_WEIGHT_GRADIENT) {
    status = dnnl_primitive_execute(c->reorder, c->stream, 2, c->reorder_arguments);
  }
  return (int)status;
}

const char *onednn_convolution_implementation(const onednn_bound_convolution *convolution) {
  return convolution->implementation;
}

void onednn_release_convolution(onednn_bound_convolution *c) {
  if (!c) return;
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->reorder) dnnl_primitive_destroy(c->reorder);
  if (c->inner_weights) dnnl_memory_destroy(c->inner_weights);
  for (int i = 0; i < TENSORS; ++i) {
    if (c->memories[i]) dnnl_memory_destroy(c->memories[i]);
  }
  if (c->stream) dnnl_stream_destroy(c->stream);
  free(c);
}
