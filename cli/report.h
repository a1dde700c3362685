/* JSON answers, and the end of standard output. */
#ifndef PLEATS_CLI_REPORT_H
#define PLEATS_CLI_REPORT_H

#include "session.h"

#include <jansson.h>

/* What every answer says besides the verb's own fields. */
typedef struct {
    const char *verb;
    const char *domain, *definition, *label; /* NULL where there is none */
    bool complete;
    double seconds;
    const int64_t *seed; /* NULL where there is none */
} report_facts;

/* An object with the common fields. */
json_t *report_new(const session *s, const report_facts *facts);

/* A JSON string of a text that may not be UTF-8, null for NULL. */
json_t *report_text(const char *text);

/* The context's remarks. */
json_t *report_remarks(const session *s);

/* Prints the common fields and the verb's own, both of which it takes, as one
 * object on one line.  Returns EXIT_ANSWERED or, when memory ran out,
 * EXIT_FAILED. */
int report_print(json_t *common, json_t *own);

/* For atexit: closes standard output, and when the answer could not be written
 * ends the program with EXIT_FAILED and a line on stderr. */
void check_output(void);

/* Prints a text from a file so that it stays on its line (pleats/text.h). */
void print_plain(const char *text);

#endif
