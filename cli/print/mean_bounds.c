#include "print/mean_bounds.h"

#include <math.h>
#include <stdio.h>

typedef struct {
    const char *name, *source;
    double value;
    const char *times, *statement, *hypotheses, *certainty;
} expected;

enum { MOST = 3 };

/* C(a, b) for b <= a. */
static double binomial(double a, double b)
{
    return exp(lgamma(a + 1) - lgamma(b + 1) - lgamma(a - b + 1));
}

/* The statements that speak of this architecture. */
static int find(const pleats_spec *spec, expected *out)
{
    const double n = (double)pleats_spec_n_inputs(spec);
    const double units = (double)pleats_spec_n_units(spec);
    const double rank = (double)pleats_spec_maxout_rank(spec);
    const bool is_relu = pleats_spec_is_relu(spec);
    int count = 0;
    if (is_relu)
        out[count++] = (expected){
            "few-patterns",
            "HaninRolnick2019b",
            units < n ? pow(2, units) : exp(n * log(units) - lgamma(n + 1)),
            units < n ? "1" : "T^n, T = 2^5 C_grad C_bias",
            "regions in a cube of volume 1 are at most (T N)^n / n! on "
            "average, 2^N for N < n",
            "ReLU; weights and biases with densities, gradients bounded by "
            "C_grad in the mean, densities of biases by C_bias",
            "recalled; the constant agrees with published code"};
    if (is_relu && n == 1)
        out[count++] =
            (expected){"line",
                       "KoganJananthanKepner2025",
                       units + 1,
                       "1 + o(1)",
                       "on a line there are N + 1 + o(N) regions on average",
                       "ReLU, fully connected, random weights, wide layers",
                       "from the abstract alone"};
    if (rank >= 2)
        out[count++] = (expected){
            "maxout",
            "TseranMontufar2021",
            exp(n * log(rank * units) - lgamma(n + 1)) *
                binomial(rank * n, 2 * n),
            "T^n, T = 2^5 C_grad C_bias",
            "regions in a cube of volume 1 are at most (T K N)^n C(K n, 2n) / "
            "n! on average",
            "maxout of rank K; weights and biases with densities, as above",
            "confirmed by the authors' code"};
    return count;
}

void mean_bounds_print(const pleats_spec *spec)
{
    expected row[MOST];
    const int n = find(spec, row);
    if (n == 0)
        puts("known   no statement on expected numbers is for this "
             "architecture");
    for (int i = 0; i < n; i++)
        printf("known   %s: %.6g times %s; %s\n"
               "        if %s (%s)\n",
               row[i].source, row[i].value, row[i].times, row[i].statement,
               row[i].hypotheses, row[i].certainty);
}

json_t *mean_bounds_json(const pleats_spec *spec)
{
    expected row[MOST];
    const int n = find(spec, row);
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        report_append(
            &list, json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:s}", "name",
                             row[i].name, "source", row[i].source, "value",
                             report_number(row[i].value), "times", row[i].times,
                             "statement", row[i].statement, "hypotheses",
                             row[i].hypotheses, "certainty", row[i].certainty));
    return list;
}
