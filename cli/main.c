/* The front door: finds the verb and hands its arguments to it. */
#include "exit_codes.h"
#include "print/plain_streams.h"
#include "print/report.h"
#include "signals.h"
#include "verbs/verbs.h"

#include "pleats/text.h"
#include "pleats/version.h"

#include <argp.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name, *full_name;
    int (*run)(int argc, char **argv);
    const char *summary;
} verb;

static const verb verbs[] = {
    {"info", "pleats info", verb_info,
     "the layers, shapes, parameters and units of a network"},
    {"eval", "pleats eval", verb_eval,
     "the outputs of a network, and the pieces that its units are on"},
    {"count", "pleats count", verb_count,
     "the exact number of linear regions on a domain"},
    {"cells", "pleats cells", verb_cells,
     "all regions on a domain, written to a file"},
    {"survey", "pleats survey", verb_survey,
     "what all regions on a domain are like: classes, sizes, layers"},
    {"complex", "pleats complex", verb_complex,
     "faces of all dimensions, the topology of classes and level sets"},
    {"merge", "pleats merge", verb_merge, "the parts of a count added up"},
    {"estimate", "pleats estimate", verb_estimate,
     "the number of regions where counting takes too long"},
    {"sample", "pleats sample", verb_sample,
     "distinct activation patterns among many points: a lower bound"},
    {"local", "pleats local", verb_local,
     "the region that holds a point: facets, neighbours, distances"},
    {"walk", "pleats walk", verb_walk,
     "the graph of the regions around a point"},
    {"layer", "pleats layer", verb_layer,
     "the regions of one layer, from its shape alone"},
    {"bound", "pleats bound", verb_bound,
     "upper and lower bounds for an architecture, with their sources"},
    {"compare", "pleats compare", verb_compare,
     "architectures side by side, for the same parameters"},
    {"make", "pleats make", verb_make,
     "networks of an architecture: random, or behind a lower bound"},
    {"search", "pleats search", verb_search,
     "weights with many regions: lower bounds with a witness"},
    {"mean", "pleats mean", verb_mean,
     "numbers of regions over random initialisations"},
    {"stable", "pleats stable", verb_stable,
     "units that keep one piece on a box"},
    {"range", "pleats range", verb_range,
     "the least and the largest value of outputs, exactly"},
    {"lipschitz", "pleats lipschitz", verb_lipschitz,
     "how steep outputs are at most, exactly"},
    {"density", "pleats density", verb_density,
     "regions near data rows, layer by layer"},
    {"draw", "pleats draw", verb_draw, "a picture of the regions on a plane"},
    {"plot", "pleats plot", verb_plot,
     "a figure of what compare, bound and layer found"},
};
enum { N_VERBS = sizeof verbs / sizeof *verbs, NAME_BYTES = 256 };

const char *argp_program_version = "pleats " PLEATS_VERSION;

static void print_help(void)
{
    printf("Usage: pleats VERB [OPTION...] MODEL|SPEC\n"
           "Into how many linear regions a piecewise-linear network cuts its "
           "input space,\nexactly.  MODEL is an ONNX file; layer, bound, "
           "compare, make, search and mean\nalso take a SPEC, an architecture "
           "without "
           "weights; plot takes their answers.\n\n"
           "Verbs:\n");
    for (int i = 0; i < N_VERBS; i++)
        printf("  %-9s %s\n", verbs[i].name, verbs[i].summary);
    printf("\n"
           "`pleats VERB --help' explains a verb, with examples.\n"
           "`pleats --version' prints the version.\n\n"
           "Examples:\n"
           "  pleats count net.onnx --box -1,1\n"
           "  pleats bound mlp:784,256,256,10\n\n" EXIT_CODES_HELP);
}

static int refuse_verb(const char *name)
{
    char shown[NAME_BYTES];
    pleats_plain(name ? name : "", shown, sizeof shown);
    if (name)
        fprintf(stderr, "pleats: there is no verb '%s'; the verbs are", shown);
    else
        fprintf(stderr, "pleats: a verb is missing; the verbs are");
    for (int i = 0; i < N_VERBS; i++)
        fprintf(stderr, "%s %s", i > 0 ? "," : "", verbs[i].name);
    fprintf(stderr, " (see pleats --help)\n");
    return EXIT_USAGE;
}

/* Heaps grow by so many bytes at a time, which take no memory until they are
 * touched.  As the C library has it, a second thread's heap grows and shrinks
 * so often that short counts feel it (docs/performance.md, "Two threads"). */
enum { HEAP_STEP = 1 << 22 };

static void take_large_steps(void)
{
#ifdef M_TOP_PAD
    (void)mallopt(M_TOP_PAD, HEAP_STEP);
#endif
}

int main(int argc, char **argv)
{
    take_large_steps();
    argp_err_exit_status = EXIT_USAGE;
    ignore_closed_pipes();
    if (!plain_streams() || atexit(check_output) != 0)
        return EXIT_FAILED;
    if (argc < 2)
        return refuse_verb(NULL);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
        print_help();
        return EXIT_ANSWERED;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts(argp_program_version);
        return EXIT_ANSWERED;
    }
    for (int i = 0; i < N_VERBS; i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            argv[1] = (char *)verbs[i].full_name;
            return verbs[i].run(argc - 1, argv + 1);
        }
    return refuse_verb(argv[1]);
}
