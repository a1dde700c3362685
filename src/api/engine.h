/* The engine that a caller asks for. */
#ifndef PLEATS_API_ENGINE_H
#define PLEATS_API_ENGINE_H

#include "cells/space.h"

#include "pleats/count.h"

pleats_engine pleats_engine_of(pleats_count_engine engine);

#endif
