#include "print/dual_file.h"

#include "print/graph_file.h"
#include "print/output_file.h"
#include "print/report.h"

#include <string.h>

bool dual_file_kind(const char *path)
{
    return graph_file_kind(path) || graph_ends_in(path, ".edges");
}

/* ---- JSON ---- */

static json_t *node_json(const pleats_complex_result *g, int64_t i)
{
    const pleats_complex_node *n = &g->node[i];
    json_t *pieces = json_array(), *point = json_array();
    for (int32_t u = 0; u < g->n_units; u++)
        report_append(&pieces, json_integer(g->piece[i * g->n_units + u]));
    for (int32_t j = 0; j < g->n_inputs; j++)
        report_append(&point, report_number(g->point[i * g->n_inputs + j]));
    return json_pack("{s:I, s:o, s:o, s:i, s:i, s:i}", "id", (json_int_t)i,
                     "pieces", pieces, "point", point, "vertices", n->vertices,
                     "facets", n->facets, "sides", n->sides);
}

static bool print_json(FILE *file, const void *graph)
{
    const pleats_complex_result *g = graph;
    json_t *nodes = json_array();
    for (int64_t i = 0; i < g->n_nodes; i++)
        report_append(&nodes, node_json(g, i));
    return graph_print(file, json_pack("{s:o, s:o}", "nodes", nodes, "edges",
                                       graph_edges_json(g->edge, g->n_edges)));
}

/* ---- GraphML ---- */

static bool print_graphml(FILE *file, const void *graph)
{
    static const char *const key[][3] = {
        {"pieces", "node", "string"}, {"point", "node", "string"},
        {"vertices", "node", "int"},  {"facets", "node", "int"},
        {"sides", "node", "int"},     {"units", "edge", "string"}};
    const pleats_complex_result *g = graph;
    graph_write_head(file, key, sizeof key / sizeof *key);
    for (int64_t i = 0; i < g->n_nodes; i++) {
        const pleats_complex_node *n = &g->node[i];
        fprintf(file,
                "<node id=\"n%lld\"><data key=\"vertices\">%d</data>"
                "<data key=\"facets\">%d</data><data key=\"sides\">%d</data>",
                (long long)i, n->vertices, n->facets, n->sides);
        graph_write_list(file, "pieces", g->piece + i * g->n_units, g->n_units);
        fputs("<data key=\"point\">", file);
        for (int32_t j = 0; j < g->n_inputs; j++)
            fprintf(file, "%s%.17g", j ? " " : "",
                    g->point[i * g->n_inputs + j]);
        fputs("</data></node>\n", file);
    }
    graph_write_edges(file, g->edge, g->n_edges);
    return true;
}

/* ---- edges alone: two regions, and the units that change ---- */

static bool print_edges(FILE *file, const void *graph)
{
    const pleats_complex_result *g = graph;
    for (int64_t i = 0; i < g->n_edges; i++) {
        const pleats_walk_edge *e = &g->edge[i];
        fprintf(file, "%lld %lld ", (long long)e->from, (long long)e->to);
        for (int64_t u = 0; u < e->n_units; u++)
            fprintf(file, "%s%d", u ? "," : "", e->unit[u]);
        fputc('\n', file);
    }
    return true;
}

int dual_write(session *s, const pleats_complex_result *g)
{
    const char *path = pleats_output_path(s->out);
    if (graph_ends_in(path, ".graphml"))
        return output_file_write(s, print_graphml, g);
    if (graph_ends_in(path, ".json"))
        return output_file_write(s, print_json, g);
    return output_file_write(s, print_edges, g);
}
