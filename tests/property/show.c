#include "show.h"

#include "need.h"

#include <stdlib.h>

static void show_affine(FILE *f, const pleats_step *s, pleats_idx i,
                        pleats_idx *scratch)
{
    pleats_row row = pleats_step_row(s, i, scratch);
    fprintf(f, "(%.17g", row.bias);
    for (pleats_idx j = 0; j < row.n; j++)
        if (row.in[j] >= 0)
            fprintf(f, " + %.17g s%d", row.weight[j], row.in[j]);
    fprintf(f, ") / %.17g\n", row.divisor);
}

static void show_function(FILE *f, const pleats_pl *pl)
{
    fprintf(f, "%.17g x + %.17g", pl->slope[0], pl->intercept[0]);
    for (pleats_idx p = 0; p < pl->n_breaks; p++)
        fprintf(f, ", above %.17g: %.17g x + %.17g", pl->at[p],
                pl->slope[p + 1], pl->intercept[p + 1]);
    fprintf(f, "\n");
}

static void show_unit(FILE *f, const pleats_step *s, pleats_idx i)
{
    if (s->kind == PLEATS_STEP_PL) {
        fprintf(f, "of x = s%d: ", s->in[i]);
        show_function(f, pleats_step_function(s, i));
        return;
    }
    fprintf(f, "%s", s->is_min ? "min" : "max");
    for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++)
        fprintf(f, " s%d", s->in[j]);
    fprintf(f, "\n");
}

void show_net(FILE *f, const pleats_net *net)
{
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(net), sizeof *scratch);
    fprintf(f, "inputs s0 .. s%d\n", net->n_inputs - 1);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            fprintf(f, "s%d = ", s->out + i);
            if (pleats_step_is_affine(s))
                show_affine(f, s, i, scratch);
            else
                show_unit(f, s, i);
        }
    }
    fprintf(f, "outputs");
    for (pleats_idx i = 0; i < net->n_outputs; i++)
        fprintf(f, " s%d", net->output[i]);
    fprintf(f, "\n");
    free(scratch);
}

static void show_numbers(FILE *f, const char *name, mpq_t *number, pleats_idx n)
{
    fprintf(f, "%s", name);
    for (pleats_idx i = 0; i < n; i++) {
        fprintf(f, " ");
        mpq_out_str(f, 10, number[i]);
    }
    fprintf(f, "\n");
}

static void show_part(FILE *f, const pleats_part *p, pleats_idx n)
{
    show_numbers(f, "part: origin", p->origin, n);
    for (pleats_idx j = 0; p->direction && j < p->k; j++)
        show_numbers(f, "  direction", p->direction + j * n, n);
    for (pleats_idx j = 0; j < p->k; j++) {
        fprintf(f, "  t%d", j);
        show_numbers(f, ":", &p->lo[j], p->has_lo[j]);
        show_numbers(f, "      ..", &p->hi[j], p->has_hi[j]);
    }
    for (pleats_idx i = 0; i < p->m; i++) {
        show_numbers(f, "  row", p->a + i * p->k, p->k);
        show_numbers(f, "      <=", &p->b[i], 1);
    }
}

void show_domain(FILE *f, const pleats_domain *domain)
{
    for (pleats_idx i = 0; i < domain->n_parts; i++)
        show_part(f, &domain->part[i], domain->n_inputs);
}
