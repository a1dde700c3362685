/* Specs from texts, and whether two are the same in all that they hold. */
#ifndef PLEATS_TEST_SPEC_SAME_H
#define PLEATS_TEST_SPEC_SAME_H

#include "spec/spec.h"

/* The spec of a text that must be right. */
pleats_spec *spec_parse(pleats_ctx *ctx, const char *text);
void expect_same_spec(const pleats_spec *a, const pleats_spec *b);

#endif
