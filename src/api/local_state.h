/* What a pleats_local is. */
#ifndef PLEATS_API_LOCAL_STATE_H
#define PLEATS_API_LOCAL_STATE_H

#include "local/local.h"

struct pleats_local {
    pleats_locality locality;
};

#endif
