#include "activations.h"

static double zero[] = {0}, one[] = {-1, 1}, unit[] = {0, 1};
static double halves[] = {0, 0.5, 1};
static double relu_slope[] = {0, 1}, leaky_slope[] = {0.125, 1};
static double abs_slope[] = {-1, 1}, no_intercept[] = {0, 0};
static double hat_slope[] = {0, 1, 0}, hat_intercept[] = {-1, 0, 1};
static double clip_intercept[] = {0, 0, 1};
static double shrink_slope[] = {1, 0, 1}, shrink_intercept[] = {1, 0, -1};
static double ripple_slope[] = {0, 2, 2, -1};
static double ripple_intercept[] = {0, 0, 0, 3};
static double linear_slope[] = {3, 3};

static const pleats_pl function[N_ACTIVATIONS] = {
    [ACT_RELU] = {1, zero, relu_slope, no_intercept},
    [ACT_LEAKY] = {1, zero, leaky_slope, no_intercept},
    [ACT_ABS] = {1, zero, abs_slope, no_intercept},
    [ACT_HARDTANH] = {2, one, hat_slope, hat_intercept},
    [ACT_CLIP01] = {2, unit, hat_slope, clip_intercept},
    [ACT_SHRINK] = {2, one, shrink_slope, shrink_intercept},
    [ACT_RIPPLE] = {3, halves, ripple_slope, ripple_intercept},
    [ACT_LINEAR] = {1, zero, linear_slope, no_intercept},
};

const pleats_pl *activation_function(activation a)
{
    return &function[a];
}
