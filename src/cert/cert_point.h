/* A point inside a cell, in short numbers. */
#ifndef PLEATS_CERT_CERT_POINT_H
#define PLEATS_CERT_CERT_POINT_H

#include "cells/cell.h"

/* point [k + 1] over its last number is certainly inside the cell: doubles that
 * are cut to as few bits as leave them inside by more than rounding errors,
 * else what an exact programme finds.  mean, rounded [k]: room. */
PLEATS_NODISCARD pleats_status pleats_cert_point(pleats_space *space,
                                                 const pleats_cell *cell,
                                                 double *mean, double *rounded,
                                                 mpz_t *point);

#endif
