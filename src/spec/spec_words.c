/* The names of the layers. */
#include "spec/spec_layer.h"

#include <string.h>

static const pleats_layer_word words[] = {
    {"conv", PLEATS_LAYER_CONV, 0},
    {"fc", PLEATS_LAYER_FC, 0},
    {"maxpool", PLEATS_LAYER_MAXPOOL, 0},
    {"avgpool", PLEATS_LAYER_AVGPOOL, 0},
    {"gap", PLEATS_LAYER_GAP, 0},
    {"flatten", PLEATS_LAYER_FLATTEN, 0},
    {"bn", PLEATS_LAYER_BN, 0},
    {"res", PLEATS_LAYER_RES_BEGIN, 0},
    {"maxout", PLEATS_LAYER_MAXOUT, 0},
    {"relu", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_RELU},
    {"leakyrelu", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_LEAKYRELU},
    {"abs", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_ABS},
    {"hardtanh", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_HARDTANH},
    {"relu6", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_RELU6},
    {"pl", PLEATS_LAYER_ACTIVATION, PLEATS_ACT_PL},
};
enum { N_WORDS = sizeof words / sizeof *words };

const pleats_layer_word *pleats_layer_word_find(const char *name, size_t length)
{
    for (int i = 0; i < N_WORDS; i++)
        if (strlen(words[i].name) == length &&
            memcmp(words[i].name, name, length) == 0)
            return &words[i];
    return NULL;
}

const pleats_layer_word *pleats_layer_word_of(const pleats_layer_spec *layer)
{
    for (int i = 0; i < N_WORDS; i++)
        if (words[i].kind == layer->kind &&
            (layer->kind != PLEATS_LAYER_ACTIVATION ||
             words[i].activation == layer->activation))
            return &words[i];
    return NULL;
}

pleats_layer_spec pleats_layer_of_word(const pleats_layer_word *word)
{
    const bool is_conv = word->kind == PLEATS_LAYER_CONV;
    pleats_layer_spec layer = {.kind = word->kind,
                               .activation = word->activation,
                               .has_bias = word->kind == PLEATS_LAYER_FC};
    layer.conv.groups = 1;
    layer.conv.has_bias = is_conv;
    for (pleats_idx d = 0; d < PLEATS_MAX_SPATIAL; d++) {
        layer.conv.dilation[d] = 1;
        layer.conv.stride[d] = is_conv;
    }
    return layer;
}
