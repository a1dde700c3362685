/* The options that say where regions are counted. */
#ifndef PLEATS_CLI_OPTIONS_DOMAIN_OPTIONS_H
#define PLEATS_CLI_OPTIONS_DOMAIN_OPTIONS_H

#include "session.h"

#include "pleats/domain.h"

typedef enum {
    DOMAIN_ALL,
    DOMAIN_BOX,
    DOMAIN_BOX_FILE,
    DOMAIN_PLANE,
    DOMAIN_LINE,
    DOMAIN_ROWS,
    DOMAIN_AXES,
    DOMAIN_BALL,
    DOMAIN_POLYTOPE,
    DOMAIN_VNNLIB
} domain_kind;

enum { MAX_ROWS = 3, MAX_AXES = 3 };

/* Rows of a data file. */
typedef struct {
    const char *path;
    int64_t row[MAX_ROWS];
    int32_t n;
} row_list;

typedef struct {
    bool at_is_point; /* set before parsing by verbs about a point: --at says
                         which one, and goes with every domain */
    domain_kind kind;
    const char *flag;    /* the option that chose it, NULL: none did */
    const char *path;    /* of its file */
    const char *lo, *hi; /* of --box or --range, NULL: not given */
    int64_t axis[MAX_AXES];
    int32_t n_axes;
    const char *eps; /* of --ball */
    pleats_norm norm;
    bool has_norm;
    row_list through; /* of --rows */
    row_list at;      /* of --at */
    bool has_range, has_at;
} domain_options;

/* A child parser whose input is a domain_options, zeroed but for at_is_point.
 */
extern const struct argp domain_argp;

/* How domains are written, for help texts. */
#define DOMAIN_HELP                                                            \
    "Files of domains are JSON objects:\n"                                     \
    "  --box @F     {\"lo\": [..], \"hi\": [..]}, a number for each input\n"   \
    "  --plane F    {\"origin\": [..], \"u\": [..], \"v\": [..],\n"            \
    "               \"box\": [s0, s1, t0, t1]}: origin + s u + t v;\n"         \
    "               without \"box\" the whole plane\n"                         \
    "  --line F     {\"origin\": [..], \"u\": [..], \"range\": [t0, t1]}\n"    \
    "  --polytope F {\"A\": [[..]], \"b\": [..]}: A x <= b\n"                  \
    "A JSON number is the double that it reads as; a JSON string (\"1/3\", "   \
    "\"0.1\") and a number in an option are exact decimals or fractions. A "   \
    "side of width zero makes the domain lower-dimensional.\n"

/* Makes s->domain for the session's network.  Returns EXIT_ANSWERED, or the
 * exit code of a failure that has been reported. */
int domain_open(session *s, const domain_options *options);

#endif
