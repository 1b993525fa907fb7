// What every bound primitive needs.

#ifndef ENGINE_H
#define ENGINE_H

#include <dnnl.h>

/// One engine a process, never released: oneDNN may already be gone when the process ends.
dnnl_status_t onednn_engine(dnnl_engine_t *engine);

#endif
