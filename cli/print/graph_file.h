/* Graphs of regions as JSON and GraphML. */
#ifndef PLEATS_CLI_PRINT_GRAPH_FILE_H
#define PLEATS_CLI_PRINT_GRAPH_FILE_H

#include "session.h"

#include "pleats/local.h"

#include <jansson.h>
#include <stdio.h>

/* Whether graphs can be written to a file of that name: GraphML or JSON by its
 * end, JSON to standard output and devices. */
bool graph_file_kind(const char *path);

/* {"nodes": [..], "edges": [..]}; NULL without memory. */
json_t *graph_json(const pleats_walk_result *graph);

/* Writes the session's output.  Returns EXIT_ANSWERED, or the exit code of a
 * failure that has been reported. */
int graph_write(session *s, const pleats_walk_result *graph);

/* ---- for graphs with other nodes ---- */

bool graph_ends_in(const char *path, const char *end);

/* The list of edges; NULL without memory. */
json_t *graph_edges_json(const pleats_walk_edge *edge, int64_t n);

/* Takes the JSON and writes it on one line; false when it is NULL. */
bool graph_print(FILE *file, json_t *json);

/* GraphML up to the nodes: keys are name, "node" or "edge", type. */
void graph_write_head(FILE *file, const char *const key[][3], size_t n);
/* A list of numbers, spaces between. */
void graph_write_list(FILE *file, const char *key, const int32_t *number,
                      int64_t n);
/* Edges, with their "units", and the end. */
void graph_write_edges(FILE *file, const pleats_walk_edge *edge, int64_t n);

#endif
