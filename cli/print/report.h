/* JSON answers, and the end of standard output. */
#ifndef PLEATS_CLI_PRINT_REPORT_H
#define PLEATS_CLI_PRINT_REPORT_H

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

/* "exact", or, where the file's parameters had to be rounded, "exact for the
 * rounded parameters". */
const char *report_exact(const session *s);

/* An object with the common fields; a label "exact" is report_exact's. */
json_t *report_new(const session *s, const report_facts *facts);

/* A JSON number, null for what is not finite. */
json_t *report_number(double x);

/* Adds an item to a list, or a value to an object, which take it; where that is
 * impossible the list or object becomes NULL, of which no answer is made. */
void report_append(json_t **list, json_t *item);
void report_put(json_t **object, const char *key, json_t *value);

/* A JSON string of a text that may not be UTF-8, null for NULL. */
json_t *report_text(const char *text);
/* Why work was stopped, null where it was not. */
json_t *report_stop(pleats_stop stopped);

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
