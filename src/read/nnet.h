/* Networks in .nnet form, the text format in which the ACAS Xu networks are
 * published: lines of comments (//), the numbers of layers, inputs, outputs and
 * the largest layer, all sizes, a line that nobody uses, least and greatest
 * inputs, means and ranges of inputs and outputs, then for each layer its
 * weights, row by row, and its biases; ReLU between two layers.  Numbers have
 * commas or blanks between.
 *
 * The network is what the weights say: a map of normalised inputs to normalised
 * outputs, as the networks of that set in ONNX form are.  The limits are not
 * applied, nor means and ranges, of which a remark says so. */
#ifndef PLEATS_READ_NNET_H
#define PLEATS_READ_NNET_H

#include "net/net.h"

/* Reads text [n].  A decimal that is no double becomes the nearest one and is
 * counted as rounded.  PLEATS_INVALID with the line of the first number that is
 * wrong; memory is bounded by the text's size. */
PLEATS_NODISCARD pleats_status pleats_nnet_parse(pleats_ctx *ctx,
                                                 const char *text, size_t n,
                                                 pleats_give pleats_net **out);

#endif
