/* Graphs of regions as JSON and GraphML. */
#include "print/graph_file.h"

#include "print/output_file.h"
#include "print/report.h"

#include <string.h>

bool graph_ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n > m && strcmp(path + n - m, end) == 0;
}

bool graph_file_kind(const char *path)
{
    return graph_ends_in(path, ".json") || graph_ends_in(path, ".graphml") ||
           pleats_path_is_stdout(path) || strncmp(path, "/dev/", 5) == 0;
}

static json_t *node_json(const pleats_walk_result *g, int64_t i)
{
    const pleats_walk_node *n = &g->node[i];
    json_t *pieces = json_array();
    for (int32_t u = 0; u < g->n_units; u++)
        report_append(&pieces, json_integer(g->piece[i * g->n_units + u]));
    return json_pack("{s:I, s:s, s:o, s:i, s:b, s:b, s:i, s:i}", "id",
                     (json_int_t)i, "hash", n->hash, "pieces", pieces, "depth",
                     n->depth, "expanded", (int)n->expanded, "exact",
                     (int)n->exact, "facets", n->facets, "sides", n->sides);
}

json_t *graph_edges_json(const pleats_walk_edge *edge, int64_t n)
{
    json_t *edges = json_array();
    for (int64_t i = 0; i < n; i++) {
        const pleats_walk_edge *e = &edge[i];
        json_t *units = json_array();
        for (int64_t u = 0; u < e->n_units; u++)
            report_append(&units, json_integer(e->unit[u]));
        report_append(&edges,
                      json_pack("{s:I, s:I, s:o}", "from", (json_int_t)e->from,
                                "to", (json_int_t)e->to, "units", units));
    }
    return edges;
}

json_t *graph_json(const pleats_walk_result *g)
{
    json_t *nodes = json_array();
    for (int64_t i = 0; i < g->n_nodes; i++)
        report_append(&nodes, node_json(g, i));
    return json_pack("{s:o, s:o}", "nodes", nodes, "edges",
                     graph_edges_json(g->edge, g->n_edges));
}

void graph_write_head(FILE *f, const char *const key[][3], size_t n)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
          f);
    for (size_t i = 0; i < n; i++)
        fprintf(f,
                "<key id=\"%s\" for=\"%s\" attr.name=\"%s\" "
                "attr.type=\"%s\"/>\n",
                key[i][0], key[i][1], key[i][0], key[i][2]);
    fputs("<graph edgedefault=\"undirected\">\n", f);
}

void graph_write_list(FILE *f, const char *key, const int32_t *number,
                      int64_t n)
{
    fprintf(f, "<data key=\"%s\">", key);
    for (int64_t i = 0; i < n; i++)
        fprintf(f, "%s%d", i ? " " : "", number[i]);
    fputs("</data>", f);
}

void graph_write_edges(FILE *f, const pleats_walk_edge *edge, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const pleats_walk_edge *e = &edge[i];
        fprintf(f, "<edge source=\"n%lld\" target=\"n%lld\">",
                (long long)e->from, (long long)e->to);
        graph_write_list(f, "units", e->unit, e->n_units);
        fputs("</edge>\n", f);
    }
    fputs("</graph>\n</graphml>\n", f);
}

static void write_graphml(FILE *f, const pleats_walk_result *g)
{
    static const char *const key[][3] = {
        {"hash", "node", "string"},   {"pieces", "node", "string"},
        {"depth", "node", "int"},     {"expanded", "node", "boolean"},
        {"exact", "node", "boolean"}, {"facets", "node", "int"},
        {"sides", "node", "int"},     {"units", "edge", "string"}};
    graph_write_head(f, key, sizeof key / sizeof *key);
    for (int64_t i = 0; i < g->n_nodes; i++) {
        const pleats_walk_node *n = &g->node[i];
        fprintf(f,
                "<node id=\"n%lld\"><data key=\"hash\">%s</data>"
                "<data key=\"depth\">%d</data>"
                "<data key=\"expanded\">%s</data>"
                "<data key=\"exact\">%s</data>"
                "<data key=\"facets\">%d</data><data key=\"sides\">%d</data>",
                (long long)i, n->hash, n->depth, n->expanded ? "true" : "false",
                n->exact ? "true" : "false", n->facets, n->sides);
        graph_write_list(f, "pieces", g->piece + i * g->n_units, g->n_units);
        fputs("</node>\n", f);
    }
    graph_write_edges(f, g->edge, g->n_edges);
}

static int write_part(const char *text, size_t n, void *file)
{
    return fwrite(text, 1, n, file) == n ? 0 : -1;
}

bool graph_print(FILE *file, json_t *json)
{
    bool good = json != NULL;
    if (good && json_dump_callback(json, write_part, file, 0) == 0)
        fputc('\n', file);
    json_decref(json);
    return good;
}

static bool print_json(FILE *file, const void *graph)
{
    return graph_print(file, graph_json(graph));
}

static bool print_graphml(FILE *file, const void *graph)
{
    write_graphml(file, graph);
    return true;
}

int graph_write(session *s, const pleats_walk_result *g)
{
    bool is_graphml = graph_ends_in(pleats_output_path(s->out), ".graphml");
    return output_file_write(s, is_graphml ? print_graphml : print_json, g);
}
