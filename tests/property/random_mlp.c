#include "random_mlp.h"

#include "random_net.h"

void random_mlp(rng *r, int32_t n_inputs, bool homogeneous, mlp *out)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_INTEGER,
                                    NUMBERS_SIGN};
    int32_t width[MLP_MAX_LAYERS + 1] = {n_inputs};
    int32_t hidden = rng_int(r, 2, 4), most = n_inputs > 3 ? 6 : 9;
    numbers kind = kinds[rng_int(r, 0, 2)];
    bool generic = rng_one_in(r, 3);
    for (int32_t l = 1; l <= hidden; l++)
        width[l] = rng_int(r, 3, most);
    width[hidden + 1] = 1;
    mlp_init(out, hidden + 1, width);
    for (int32_t l = 0; l <= hidden; l++) {
        random_rows(r, kind, generic, width[l + 1], width[l], out->weight[l],
                    out->bias[l]);
        out->activation[l] = (activation)rng_int(
            r, 0,
            homogeneous ? N_HOMOGENEOUS_ACTIVATIONS - 1 : N_ACTIVATIONS - 1);
        if (rng_one_in(r, 2))
            out->activation[l] = ACT_RELU;
    }
}
