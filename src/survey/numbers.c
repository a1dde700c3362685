#include "survey/numbers.h"

#include "base/doubles.h"

void pleats_numbers_add(pleats_numbers *a, double x)
{
    if (!isfinite(x)) {
        a->infinite++;
        return;
    }
    a->least = a->n == 0 || x < a->least ? x : a->least;
    a->most = a->n == 0 || x > a->most ? x : a->most;
    a->sum += x;
    a->n++;
    if (x == 0)
        a->zeros++;
    else
        a->bin[ilogb(x) - PLEATS_NUMBERS_LEAST]++;
}

void pleats_numbers_join(pleats_numbers *a, const pleats_numbers *b)
{
    if (b->n > 0) {
        a->least = a->n == 0 || b->least < a->least ? b->least : a->least;
        a->most = a->n == 0 || b->most > a->most ? b->most : a->most;
    }
    a->n += b->n;
    a->sum += b->sum;
    a->zeros += b->zeros;
    a->infinite += b->infinite;
    for (int i = 0; i < PLEATS_NUMBERS_BINS; i++)
        a->bin[i] += b->bin[i];
}

pleats_status pleats_numbers_get(pleats_ctx *ctx, const pleats_numbers *a,
                                 pleats_survey_numbers *out)
{
    pleats_status status = PLEATS_OK;
    int first = 0, end = PLEATS_NUMBERS_BINS;
    while (first < end && a->bin[first] == 0)
        first++;
    while (end > first && a->bin[end - 1] == 0)
        end--;
    *out = (pleats_survey_numbers){
        .n = end - first,
        .first = end > first ? first + PLEATS_NUMBERS_LEAST : 0,
        .zeros = a->zeros,
        .infinite = a->infinite,
        .least = a->least,
        .most = a->most,
        .mean = a->n ? a->sum / (double)a->n : 0};
    TRY(pleats_alloc(ctx, (size_t)out->n, sizeof *out->bin, &out->bin));
    for (int i = first; i < end; i++)
        out->bin[i - first] = a->bin[i];
done:
    return status;
}
