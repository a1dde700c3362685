/* The engine that a caller asks for. */
#ifndef PLEATS_API_ENGINE_H
#define PLEATS_API_ENGINE_H

#include "cells/space.h"

#include "pleats/count.h"

pleats_engine pleats_engine_of(pleats_count_engine engine);

/* PLEATS_INVALID unless there is part `part` of `of`, which is at least 1. */
PLEATS_NODISCARD pleats_status pleats_check_part(pleats_ctx *ctx, uint64_t part,
                                                 uint64_t of);

#endif
