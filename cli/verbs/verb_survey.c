/* pleats survey: all regions on a domain, by classes, layers, sizes, rows. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/numbers.h"
#include "options/work_options.h"
#include "print/output_file.h"
#include "print/progress.h"
#include "print/survey_report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>

enum { KEY_INPUT = 0x300, KEY_EXACT, KEY_CSV, KEY_WIDTH };

typedef struct {
    model_options model;
    domain_options domain;
    work_options work;
    pleats_survey_options survey;
    const char *input;
    bool csv;
    double width;
} survey_options;

static const char doc[] =
    "What all activation regions of a network on a domain are like: how many "
    "there are of each class, layer and number of active units, how the "
    "classes share the domain's volume, how large and steep regions are, which "
    "units do something on it, and in which regions data rows lie. One pass; "
    "memory does not grow with the regions. The domain must be one convex set."
    "\v"
    "A class is where an output is the largest one; of one output, class 0 is "
    "where it is below 0, and class 1 where it is not. What equal outputs "
    "share belongs to the first. The boundaries between classes cut regions, "
    "exactly: a class's share is that of the parts where it is the largest, as "
    "an interval that holds it, or a fraction (--exact).\n"
    "The last layer of a region is the last one with a wall around it. A unit "
    "is active where it has a slope. Volumes are in the domain's own "
    "coordinates (docs/formats.md); lengths are those in the inputs, in "
    "doubles. Domains that are not bounded or have more than 8 dimensions have "
    "no volumes here.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats survey net.onnx --box -1,1\n"
    "  pleats survey net.onnx --plane plane.json --exact --json\n"
    "  pleats survey net.onnx --box 0,1 --input data.npz\n"
    "  pleats survey net.onnx --box -1,1 -o survey.pdf\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"input", KEY_INPUT, "F", 0,
     "Data rows (.npz or .json): how many regions have some in them, and how "
     "many rows lie in one region",
     0},
    {"exact", KEY_EXACT, NULL, 0,
     "Also the volumes of the classes as fractions, which grow with every "
     "region",
     0},
    {"out", 'o', "FILE", 0,
     "Draws it on one page: .svg, .pdf, .png, or .html with tables of its "
     "numbers" OUTPUT_HELP,
     0},
    {"width", KEY_WIDTH, "W", 0,
     "Width of the page in points, of a PNG in pixels (default 600, 1500)", 0},
    {"csv", KEY_CSV, NULL, 0, "Answer with a table of comma-separated values",
     0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&model_argp, 0, NULL, 0},
                                             {&work_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    survey_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->work;
        return 0;
    case KEY_INPUT:
        o->input = value;
        return 0;
    case KEY_EXACT:
        o->survey.exact_volumes = true;
        return 0;
    case KEY_CSV:
        o->csv = true;
        return 0;
    case 'o':
        o->model.out = value;
        return 0;
    case KEY_WIDTH:
        if (!read_positive(value, &o->width) || o->width < 200 ||
            o->width > 20000)
            refuse_usage(state, "--width %s: must be from 200 to 20000", value);
        return 0;
    case ARGP_KEY_END:
        if (o->width > 0 && !o->model.out)
            refuse_usage(state, "--width goes with --out only");
        if (o->csv && o->model.json)
            refuse_usage(state, "either --json or --csv");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int draw(session *s, const survey_options *o,
                const pleats_survey_result *r)
{
    pleats_survey_figure_options figure;
    pleats_init_survey_figure_options(&figure);
    figure.width = o->width;
    figure.title = s->name;
    figure.domain = pleats_domain_text(s->domain);
    pleats_status status = pleats_survey_draw(s->ctx, r, &figure, s->out);
    return status == PLEATS_OK ? output_file_commit(s)
                               : session_fail(s, status);
}

static int answer(session *s, void *options)
{
    survey_options *o = options;
    pleats_survey_result result = {0};
    progress line;
    progress_start(&line, o->work.progress);
    o->work.limits.progress = progress_report;
    o->work.limits.progress_state = &line;
    o->survey.paranoid = o->work.paranoid;
    o->survey.engine = o->work.engine;
    o->survey.rows = s->rows;
    pleats_status status = pleats_survey(s->ctx, s->net, s->domain, &o->survey,
                                         &o->work.limits, &result);
    progress_end(&line);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED && s->out)
        code = draw(s, o, &result);
    if (!session_prints(s))
        goto done;
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_survey_json(s, &result);
    else if (code == EXIT_ANSWERED && o->csv)
        print_survey_csv(&result);
    else if (code == EXIT_ANSWERED)
        print_survey_text(s, &result);
done:
    code = session_code(code, result.stopped);
    pleats_survey_result_clear(s->ctx, &result);
    return code;
}

int verb_survey(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    survey_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .input = &o.input,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
