/* pleats: into how many linear regions a piecewise-linear network cuts its
 * input space, exactly.
 *
 * Words.  An *activation region* is a non-empty open set of inputs on which
 * every unit keeps one piece.  *Affine pieces* are connected unions of regions
 * that share facets and on which the network function is one affine map;
 * *affine maps* are the distinct maps: regions >= pieces >= maps.  All are
 * counted on a *domain*.  *Exact* means decided over the rationals, with the
 * file's float32 or float64 parameters taken as the numbers that they are.
 *
 *     pleats_ctx *ctx = NULL;
 *     pleats_net *net = NULL;
 *     pleats_domain *box = NULL;
 *     pleats_count_result result = {0};
 *     if (pleats_ctx_new(NULL, &ctx) == PLEATS_OK &&
 *         pleats_net_load(ctx, "net.onnx", NULL, &net) == PLEATS_OK &&
 *         pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1", "1", &box) ==
 *             PLEATS_OK &&
 *         pleats_count(ctx, net, box, NULL, NULL, &result) == PLEATS_OK)
 *         puts(result.regions);
 *     else if (ctx)
 *         fputs(pleats_ctx_message(ctx), stderr);
 *
 * This header is all of them; each can be included by itself. */
#ifndef PLEATS_PLEATS_H
#define PLEATS_PLEATS_H

#include "pleats/bounds.h"
#include "pleats/cells.h"
#include "pleats/certificate.h"
#include "pleats/complex.h"
#include "pleats/context.h"
#include "pleats/count.h"
#include "pleats/domain.h"
#include "pleats/draw.h"
#include "pleats/estimate.h"
#include "pleats/hull.h"
#include "pleats/layer.h"
#include "pleats/limits.h"
#include "pleats/lipschitz.h"
#include "pleats/local.h"
#include "pleats/make.h"
#include "pleats/merge.h"
#include "pleats/net.h"
#include "pleats/output.h"
#include "pleats/plane.h"
#include "pleats/range.h"
#include "pleats/record.h"
#include "pleats/regions.h"
#include "pleats/rows.h"
#include "pleats/sample.h"
#include "pleats/search.h"
#include "pleats/spec.h"
#include "pleats/stable.h"
#include "pleats/status.h"
#include "pleats/survey.h"
#include "pleats/text.h"
#include "pleats/version.h"
#include "pleats/work.h"

#endif
