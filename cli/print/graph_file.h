/* Graphs of regions as JSON and GraphML. */
#ifndef PLEATS_CLI_PRINT_GRAPH_FILE_H
#define PLEATS_CLI_PRINT_GRAPH_FILE_H

#include "session.h"

#include "pleats/local.h"

#include <jansson.h>

/* Whether graphs can be written to a file of that name: GraphML or JSON by its
 * end, JSON to standard output and devices. */
bool graph_file_kind(const char *path);

/* {"nodes": [..], "edges": [..]}; NULL without memory. */
json_t *graph_json(const pleats_walk_result *graph);

/* Writes the session's output.  Returns EXIT_ANSWERED, or the exit code of a
 * failure that has been reported. */
int graph_write(session *s, const pleats_walk_result *graph);

#endif
