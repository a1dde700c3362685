/* The table of operators on constants alone. */
#include "onnx/op_fold.h"

#include <string.h>

typedef struct {
    const char *name;
    pleats_op_fn run;
} fold_op;

static const fold_op table[] = {
    {"Exp", pleats_fold_smooth},
    {"Log", pleats_fold_smooth},
    {"Sigmoid", pleats_fold_smooth},
    {"Tanh", pleats_fold_smooth},
    {"Erf", pleats_fold_smooth},
    {"Softplus", pleats_fold_smooth},
    {"Mish", pleats_fold_smooth},
    {"Sin", pleats_fold_smooth},
    {"Cos", pleats_fold_smooth},
    {"Tan", pleats_fold_smooth},
    {"Asin", pleats_fold_smooth},
    {"Acos", pleats_fold_smooth},
    {"Atan", pleats_fold_smooth},
    {"Sinh", pleats_fold_smooth},
    {"Cosh", pleats_fold_smooth},
    {"Asinh", pleats_fold_smooth},
    {"Acosh", pleats_fold_smooth},
    {"Atanh", pleats_fold_smooth},
    {"Elu", pleats_fold_elu},
    {"Selu", pleats_fold_elu},
    {"Celu", pleats_fold_elu},
    {"Gelu", pleats_fold_gelu},
    {"Swish", pleats_fold_gelu},
    {"Softsign", pleats_fold_softsign},
    {"HardSwish", pleats_fold_hard_swish},
    {"ThresholdedRelu", pleats_fold_threshold},
    {"Shrink", pleats_fold_shrink},
    {"Sign", pleats_fold_sign},
    {"IsNaN", pleats_fold_is_nan},
    {"IsInf", pleats_fold_is_inf},
    {"Pow", pleats_fold_pow},
};

pleats_op_fn pleats_fold_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].run;
    return NULL;
}
