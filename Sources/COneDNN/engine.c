#include "engine.h"

#include <pthread.h>

static dnnl_engine_t shared;
static dnnl_status_t status;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void) { status = dnnl_engine_create(&shared, dnnl_cpu, 0); }

dnnl_status_t onednn_engine(dnnl_engine_t *engine) {
  pthread_once(&once, make);
  *engine = shared;
  return status;
}
