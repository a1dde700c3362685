/* The same architecture, however it is written. */
#ifndef PLEATS_THEORY_READING_H
#define PLEATS_THEORY_READING_H

#include "spec/spec.h"

/* A spec with the same networks, in which convolutions with one output
 * position that sees all of the input are fully connected layers
 * [docs/theory.md 5.4].  The text is that of `spec`; NULL when there are no
 * such convolutions, or what follows needs their shape. */
PLEATS_NODISCARD pleats_status pleats_spec_plain(pleats_ctx *ctx,
                                                 const pleats_spec *spec,
                                                 pleats_give pleats_spec **out);

#endif
