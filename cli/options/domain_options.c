/* The options that say where regions are counted. */
#include "options/domain_options.h"

#include "exit_codes.h"
#include "options/numbers.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_ALL = 0x200,
    KEY_BOX,
    KEY_PLANE,
    KEY_LINE,
    KEY_ROWS,
    KEY_AXES,
    KEY_RANGE,
    KEY_BALL,
    KEY_NORM,
    KEY_AT,
    KEY_POLYTOPE,
    KEY_VNNLIB
};

static const struct argp_option option_table[] = {
    {NULL, 0, NULL, 0, "Domain, one of (default --all):", 10},
    {"all", KEY_ALL, NULL, 0, "All of R^n", 10},
    {"box", KEY_BOX, "LO,HI", 0,
     "The same interval for every input, or @F: a box from file F", 10},
    {"plane", KEY_PLANE, "F", 0, "A plane or a rectangle in it", 10},
    {"line", KEY_LINE, "F", 0, "A line or a segment of it", 10},
    {"rows", KEY_ROWS, "F:I,J[,K]", 0,
     "Line or plane through rows of a data file (.npz with array x, or .json); "
     "row I is the origin, the others end the directions",
     10},
    {"axes", KEY_AXES, "I[,J[,K]]", 0,
     "Inputs I, J, K (from 0) in --range, the others as in row --at", 10},
    {"range", KEY_RANGE, "LO,HI", 0,
     "Values of the inputs on --axes; coordinates on --rows (default "
     "-0.5,1.5, the rows being at 0 and 1)",
     10},
    {"ball", KEY_BALL, "EPS", 0, "Ball of radius EPS about --at", 10},
    {"ball-norm", KEY_NORM, "P", 0,
     "Norm of --ball: inf (default) or 1; --norm says so, too, of verbs that "
     "have no other norm",
     10},
    {"norm", 0, NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 10},
    {"at", KEY_AT, "F:I", 0, "Row I of a data file, for --ball and --axes", 10},
    {"polytope", KEY_POLYTOPE, "F", 0, "All x with A x <= b", 10},
    {"vnnlib", KEY_VNNLIB, "F", 0, "The input constraints of a VNN-LIB file",
     10},
    {0}};

static void choose(const struct argp_state *state, domain_kind kind,
                   const char *flag, const char *path)
{
    domain_options *o = state->input;
    if (o->flag)
        refuse_usage(state, "%s and %s: one domain at a time", o->flag, flag);
    o->kind = kind;
    o->flag = flag;
    o->path = path;
}

/* Cuts "LO,HI" in two. */
static void take_interval(const struct argp_state *state, const char *flag,
                          char *value)
{
    domain_options *o = state->input;
    char *comma = strchr(value, ',');
    if (!comma || comma != strrchr(value, ','))
        refuse_usage(state, "%s %s: write an interval as LO,HI, such as -1,1",
                     flag, value);
    *comma = '\0';
    o->lo = value;
    o->hi = comma + 1;
}

/* Cuts "I,J,K" into whole numbers, false when it is not such a list of `least`
 * to `most`. */
static bool take_list(char *value, int least, int most, int64_t *list,
                      int32_t *n)
{
    char *next = value;
    *n = 0;
    while (next) {
        char *item = next;
        next = strchr(item, ',');
        if (next)
            *next++ = '\0';
        if (*n == most || !read_whole(item, &list[(*n)++]))
            return false;
    }
    return *n >= least;
}

/* Cuts "FILE:I,J,K" into the path and between `least` and `most` rows. */
static void take_rows(const struct argp_state *state, const char *flag,
                      char *value, int least, int most, row_list *list)
{
    char *colon = strrchr(value, ':');
    if (!colon || colon == value ||
        !take_list(colon + 1, least, most, list->row, &list->n))
        refuse_usage(state, "%s: write %s, rows counted from 0", flag,
                     most == 1 ? "FILE:I" : "FILE:I,J or FILE:I,J,K");
    *colon = '\0';
    list->path = value;
}

static void take_axes(const struct argp_state *state, char *value)
{
    domain_options *o = state->input;
    bool good = take_list(value, 1, MAX_AXES, o->axis, &o->n_axes);
    for (int32_t j = 0; j < o->n_axes && good; j++)
        good = o->axis[j] <= INT32_MAX;
    if (!good)
        refuse_usage(state, "--axes: write I, I,J or I,J,K, inputs counted "
                            "from 0");
}

static pleats_norm read_norm(const struct argp_state *state, const char *text)
{
    for (int i = 0; i <= PLEATS_NORM_2; i++)
        if (strcmp(text, pleats_norm_text((pleats_norm)i)) == 0)
            return (pleats_norm)i;
    refuse_usage(state, "the norm %s of a ball: must be inf or 1", text);
}

static void check_partners(const struct argp_state *state)
{
    domain_options *o = state->input;
    const bool at_row = o->kind == DOMAIN_BALL || o->kind == DOMAIN_AXES;
    if (at_row && !o->has_at)
        refuse_usage(state, "%s needs --at FILE:I, the row it is about",
                     o->flag);
    if (o->has_at && !at_row && !o->at_is_point)
        refuse_usage(state, "--at goes with --ball or --axes only");
    if (o->has_norm && o->kind != DOMAIN_BALL)
        refuse_usage(state, "a norm goes with --ball only");
    if (o->kind == DOMAIN_AXES && !o->has_range)
        refuse_usage(state, "--axes needs --range LO,HI, the inputs' values");
    if (o->has_range && o->kind != DOMAIN_ROWS && o->kind != DOMAIN_AXES)
        refuse_usage(state, "--range goes with --rows or --axes only");
    if (o->kind == DOMAIN_ROWS && !o->has_range) {
        o->lo = "-0.5";
        o->hi = "1.5";
    }
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    domain_options *o = state->input;
    switch (key) {
    case KEY_ALL:
        choose(state, DOMAIN_ALL, "--all", NULL);
        return 0;
    case KEY_BOX:
        if (value[0] == '@') {
            choose(state, DOMAIN_BOX_FILE, "--box", value + 1);
        } else {
            choose(state, DOMAIN_BOX, "--box", NULL);
            take_interval(state, "--box", value);
        }
        return 0;
    case KEY_PLANE:
        choose(state, DOMAIN_PLANE, "--plane", value);
        return 0;
    case KEY_LINE:
        choose(state, DOMAIN_LINE, "--line", value);
        return 0;
    case KEY_ROWS:
        choose(state, DOMAIN_ROWS, "--rows", NULL);
        take_rows(state, "--rows", value, 2, MAX_ROWS, &o->through);
        return 0;
    case KEY_AXES:
        choose(state, DOMAIN_AXES, "--axes", NULL);
        take_axes(state, value);
        return 0;
    case KEY_RANGE:
        take_interval(state, "--range", value);
        o->has_range = true;
        return 0;
    case KEY_BALL:
        choose(state, DOMAIN_BALL, "--ball", NULL);
        o->eps = value;
        return 0;
    case KEY_NORM:
        o->norm = read_norm(state, value);
        o->has_norm = true;
        return 0;
    case KEY_AT:
        take_rows(state, "--at", value, 1, 1, &o->at);
        o->has_at = true;
        return 0;
    case KEY_POLYTOPE:
        choose(state, DOMAIN_POLYTOPE, "--polytope", value);
        return 0;
    case KEY_VNNLIB:
        choose(state, DOMAIN_VNNLIB, "--vnnlib", value);
        return 0;
    case ARGP_KEY_END:
        check_partners(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Verbs about a point say so of --at. */
static char *filter_help(int key, const char *text, void *input)
{
    const domain_options *o = input;
    if (key == KEY_AT && o && o->at_is_point)
        return strdup("The point: row I of a data file; --ball and --axes are "
                      "about it, too");
    return (char *)text;
}

const struct argp domain_argp = {
    .options = option_table, .parser = parse, .help_filter = filter_help};

/* A box from two numbers of option `flag`; badly written ones are wrong
 * usage. */
static int make_box(session *s, const char *flag, const char *lo,
                    const char *hi, pleats_domain **out)
{
    pleats_status status =
        pleats_domain_cube(s->ctx, pleats_net_n_inputs(s->net), lo, hi, out);
    if (status == PLEATS_OK)
        return EXIT_ANSWERED;
    if (status != PLEATS_INVALID)
        return session_fail(s, status);
    fprintf(stderr, "pleats: %s: %s\n", flag, pleats_ctx_message(s->ctx));
    return EXIT_USAGE;
}

/* Numbers are well written when a box can be made of them; a radius must not
 * be negative either. */
static int check_numbers(session *s, const domain_options *o)
{
    pleats_domain *box = NULL;
    bool is_ball = o->kind == DOMAIN_BALL;
    if (is_ball && o->eps[0] == '-') {
        fprintf(stderr, "pleats: --ball: the radius %s is negative\n", o->eps);
        return EXIT_USAGE;
    }
    int code =
        make_box(s, is_ball ? "--ball" : "--range", is_ball ? o->eps : o->lo,
                 is_ball ? o->eps : o->hi, &box);
    pleats_domain_free(s->ctx, box);
    return code;
}

static pleats_status make_on_rows(session *s, const domain_options *o,
                                  const pleats_rows *rows, pleats_domain **out)
{
    int32_t axis[MAX_AXES];
    for (int32_t j = 0; j < o->n_axes; j++)
        axis[j] = (int32_t)o->axis[j];
    switch (o->kind) {
    case DOMAIN_BALL:
        return pleats_domain_row_ball_in(s->ctx, rows, o->at.row[0], o->eps,
                                         o->norm, out);
    case DOMAIN_AXES:
        return pleats_domain_axes(s->ctx, rows, o->at.row[0], o->n_axes, axis,
                                  o->lo, o->hi, out);
    default:
        return pleats_domain_rows(s->ctx, rows, o->through.n, o->through.row,
                                  o->lo, o->hi, out);
    }
}

/* Through rows, along axes from one, or the ball about one. */
static int open_on_rows(session *s, const domain_options *o,
                        pleats_domain **out)
{
    pleats_rows *rows = NULL;
    const char *path = o->kind == DOMAIN_ROWS ? o->through.path : o->at.path;
    int code = check_numbers(s, o);
    if (code != EXIT_ANSWERED)
        return code;
    pleats_status status =
        pleats_rows_read(s->ctx, path, pleats_net_n_inputs(s->net), &rows);
    if (status == PLEATS_OK)
        status = make_on_rows(s, o, rows, out);
    pleats_rows_free(s->ctx, rows);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}

static pleats_status open_file(session *s, const domain_options *o,
                               pleats_domain **out)
{
    const int32_t n = pleats_net_n_inputs(s->net);
    switch (o->kind) {
    case DOMAIN_BOX_FILE:
        return pleats_domain_box_file(s->ctx, n, o->path, out);
    case DOMAIN_PLANE:
        return pleats_domain_plane_file(s->ctx, n, o->path, out);
    case DOMAIN_LINE:
        return pleats_domain_line_file(s->ctx, n, o->path, out);
    case DOMAIN_POLYTOPE:
        return pleats_domain_polytope_file(s->ctx, n, o->path, out);
    case DOMAIN_VNNLIB:
        return pleats_domain_vnnlib_file(s->ctx, n, o->path, out);
    default:
        return pleats_domain_all(s->ctx, n, out);
    }
}

int domain_open(session *s, const domain_options *options)
{
    pleats_domain **out = &s->domain;
    if (options->kind == DOMAIN_ROWS || options->kind == DOMAIN_BALL ||
        options->kind == DOMAIN_AXES)
        return open_on_rows(s, options, out);
    if (options->kind == DOMAIN_BOX)
        return make_box(s, "--box", options->lo, options->hi, out);
    pleats_status status = open_file(s, options, out);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}
