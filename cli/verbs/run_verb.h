/* What all verbs about one model do alike: parse, open, answer, close. */
#ifndef PLEATS_CLI_VERBS_RUN_VERB_H
#define PLEATS_CLI_VERBS_RUN_VERB_H

#include "options/domain_options.h"

typedef struct {
    const struct argp *argp;
    void *options;                /* argp's input; open and answer get it */
    const model_options *model;   /* in options */
    const domain_options *domain; /* in options, NULL: the verb opens none */
    const char *const *input;     /* in options: a file of rows, if any */
    const char *const *point;     /* in options: what --point says, or NULL for
                                     --at; NULL: the verb is about no point */
    /* What else the verb needs, after the model or spec, before rows, point and
     * domain are opened; NULL: nothing. */
    int (*open)(session *s, void *options);
    int (*answer)(session *s, void *options);
} verb;

/* Both functions return EXIT_ANSWERED or the exit code of what they have
 * reported.  The session closes whatever was opened.  Returns the exit code. */
int run_verb(int argc, char **argv, const verb *v);

#endif
