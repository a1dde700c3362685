/* What a layer makes of its input, and the names of the layers. */
#ifndef PLEATS_SPEC_SPEC_LAYER_H
#define PLEATS_SPEC_SPEC_LAYER_H

#include "spec/spec.h"

/* The most scalars of a shape, which is the largest number in a spec; and the
 * most layers: bounds recurse through them. */
enum { PLEATS_SPEC_MOST = 1 << 30, PLEATS_SPEC_MOST_LAYERS = 20000 };

/* PLEATS_INVALID unless the shape has 1 .. PLEATS_SPEC_MOST scalars. */
PLEATS_NODISCARD pleats_status pleats_shape_check(pleats_ctx *ctx,
                                                  const pleats_shape *shape);

/* Fills in `out`, `n_units` and `n_parameters` of a layer whose `in` and asked
 * fields are there.  Residual ends are the caller's to compare. */
PLEATS_NODISCARD pleats_status pleats_layer_infer(pleats_ctx *ctx,
                                                  pleats_layer_spec *layer);

bool pleats_shapes_agree(const pleats_shape *a, const pleats_shape *b);

enum { PLEATS_SHAPE_CHARS = 96 };
/* "8x3x3", "10" */
void pleats_shape_write(const pleats_shape *shape,
                        char text[PLEATS_SHAPE_CHARS]);
/* n sizes: "3x3" */
void pleats_sizes_write(pleats_idx n, const int64_t *size,
                        char text[PLEATS_SHAPE_CHARS]);

/* A word of the text and JSON forms: "relu", "conv". */
typedef struct {
    const char *name;
    pleats_layer_kind kind;
    pleats_activation activation; /* of kind ACTIVATION */
} pleats_layer_word;

/* The word of `length` bytes, NULL when there is none. */
const pleats_layer_word *pleats_layer_word_find(const char *name,
                                                size_t length);
/* The word for a layer; NULL for RES_END and GENERAL. */
const pleats_layer_word *pleats_layer_word_of(const pleats_layer_spec *layer);

/* All words, for messages: as the text form and as the JSON form have them. */
#define PLEATS_ACTIVATION_WORDS                                                \
    "relu, leakyrelu, abs, hardtanh, relu6, pl=P or maxout=K"
#define PLEATS_LAYER_WORDS                                                     \
    "conv=, fc=, maxpool=, avgpool=, gap, flatten, bn, "                       \
    "res{, " PLEATS_ACTIVATION_WORDS
#define PLEATS_LAYER_NAMES                                                     \
    "conv, fc, maxpool, avgpool, gap, flatten, bn, res, relu, leakyrelu, "     \
    "abs, hardtanh, relu6, pl, maxout"

/* The layer of a word with the usual sizes: kernels 0, strides 0 (conv: 1),
 * pads 0, dilations 1, groups 1, with bias, pieces of its activation. */
pleats_layer_spec pleats_layer_of_word(const pleats_layer_word *word);

/* The canonical text of a spec. */
PLEATS_NODISCARD pleats_status pleats_spec_write(pleats_ctx *ctx,
                                                 const pleats_spec *spec,
                                                 pleats_give char **out);

#endif
