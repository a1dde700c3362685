#include "theory/bounds/linkage.h"

#include "exact/int128.h"
#include "theory/windows.h"

typedef struct {
    pleats_ctx *ctx;
    const pleats_spec *spec;
    pleats_linkage *out;
    bool merges, has_skip;
    int64_t channels, positions, blocks; /* of the last level's tensor */
    size_t skip; /* innermost open SKIP level, 0: none; its `end` holds the
                    enclosing one meanwhile */
} reader;

/* Into how many blocks of channels the tensor behind layer `index` is parted by
 * the groups of the layer that made it and of the next that mixes channels. */
static int64_t blocks_behind(const reader *r, pleats_idx index,
                             int64_t channels)
{
    int64_t made = 1, read = 1;
    if (r->merges || r->has_skip)
        return 1;
    if (index >= 0 && r->spec->layer[index].kind == PLEATS_LAYER_CONV)
        made = r->spec->layer[index].conv.groups;
    for (pleats_idx i = index + 1; i < r->spec->n_layers; i++) {
        const pleats_layer_spec *l = &r->spec->layer[i];
        if (l->kind == PLEATS_LAYER_MAXOUT)
            return 1;
        if (l->kind == PLEATS_LAYER_CONV)
            read = l->conv.groups;
        if (l->kind == PLEATS_LAYER_CONV || l->kind == PLEATS_LAYER_FC)
            break;
    }
    return channels / (int64_t)pleats_uint64_gcd((uint64_t)(channels / made),
                                                 (uint64_t)(channels / read));
}

static pleats_level *last_of(const reader *r)
{
    return &r->out->level[r->out->n - 1];
}

/* Says where the last level comes from: rows of an output shape. */
static void describe(reader *r, const pleats_shape *shape,
                     const pleats_layer_spec *made_by)
{
    pleats_level *level = last_of(r);
    level->n_rows = r->blocks > 1          ? 0
                    : shape->n_spatial > 0 ? (pleats_idx)shape->size[0]
                                           : 1;
    level->made_by = made_by;
}

/* A new level of positions x blocks classes; *fits when there is room. */
static pleats_status push(reader *r, pleats_level_kind kind, int64_t channels,
                          int64_t positions, int64_t blocks, bool *fits,
                          pleats_level **out)
{
    pleats_status status = PLEATS_OK;
    pleats_linkage *all = r->out;
    *out = NULL;
    *fits = positions <= PLEATS_MOST_CLASSES && blocks <= PLEATS_MOST_CLASSES &&
            positions * blocks <= PLEATS_MOST_CLASSES;
    if (!*fits)
        return PLEATS_OK;
    TRY(pleats_grow(r->ctx, &all->level, &all->capacity, all->n + 1,
                    sizeof *all->level));
    *out = &all->level[all->n];
    **out = (pleats_level){
        .kind = kind,
        .from = all->n > 0 ? all->n - 1 : 0,
        .n_rows = all->n > 0 && blocks == 1 ? all->level[all->n - 1].n_rows : 0,
        .n = (pleats_idx)(positions * blocks)};
    for (pleats_idx i = 0; i < (*out)->n; i++)
        (*out)->size[i] = channels / blocks;
    all->n++;
    r->channels = channels;
    r->positions = positions;
    r->blocks = blocks;
done:
    return status;
}

/* Whether a block of the result reads a block of the input, in `groups`. */
static bool blocks_meet(int64_t out_size, int64_t out_block, int64_t out_group,
                        int64_t in_size, int64_t in_block, int64_t in_group)
{
    int64_t first = out_size * out_block / out_group;
    int64_t last = (out_size * (out_block + 1) - 1) / out_group;
    return in_size * in_block < (last + 1) * in_group &&
           in_size * (in_block + 1) > first * in_group;
}

/* Sets what the level's classes read from windows over the level before. */
static void set_reads(pleats_level *level, const pleats_taps *taps,
                      const reader *before, int64_t positions, int64_t blocks,
                      int64_t out_group, int64_t in_group)
{
    int64_t out_size = level->size[0];
    int64_t in_size = before->channels / before->blocks;
    for (int64_t b = 0; b < blocks; b++)
        for (int64_t c = 0; c < before->blocks; c++) {
            if (!blocks_meet(out_size, b, out_group, in_size, c, in_group))
                continue;
            for (int64_t p = 0; p < positions; p++)
                level->reads[b * positions + p] |=
                    pleats_taps_set(taps, (pleats_idx)p)
                    << (c * before->positions);
        }
}

/* Windows of a convolution or pool; a pool keeps its channels apart. */
static pleats_status add_windows(reader *r, pleats_idx index,
                                 pleats_level_kind kind, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec *l = &r->spec->layer[index];
    bool is_conv = l->kind == PLEATS_LAYER_CONV;
    pleats_conv_layer windows = {.in = l->in, .conv = l->conv, .pieces = 2};
    const reader before = *r;
    pleats_taps taps = {0};
    pleats_level *level = NULL;
    int64_t positions = pleats_shape_count(&l->out) / l->out.channels;
    int64_t blocks =
        is_conv ? blocks_behind(r, index, l->out.channels) : before.blocks;
    int64_t groups = is_conv ? l->conv.groups : before.blocks;
    if (!is_conv)
        windows.conv.filters = windows.conv.groups = 1;
    TRY(push(r, kind, l->out.channels, positions, blocks, fits, &level));
    if (!*fits)
        goto done;
    describe(r, &l->out, is_conv ? l : NULL);
    TRY(pleats_taps_init(r->ctx, &taps, &windows, false));
    set_reads(level, &taps, &before, positions, blocks,
              l->out.channels / groups, l->in.channels / groups);
done:
    pleats_taps_clear(r->ctx, &taps);
    return status;
}

/* A vector each of whose scalars (or blocks, of a global average) reads all. */
static pleats_status add_full(reader *r, const pleats_layer_spec *l,
                              int64_t blocks, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const reader before = *r;
    pleats_level *level = NULL;
    TRY(push(r, PLEATS_LEVEL_LINEAR, l->out.channels, 1, blocks, fits, &level));
    if (*fits)
        describe(r, &l->out, l->kind == PLEATS_LAYER_FC ? l : NULL);
    for (int64_t b = 0; *fits && b < blocks; b++)
        for (int64_t c = 0; c < before.blocks; c++)
            for (int64_t p = 0; p < before.positions; p++)
                if (blocks == 1 || b == c)
                    level->reads[b] |= (uint64_t)1
                                       << (c * before.positions + p);
done:
    return status;
}

/* A level that reads the one before, class by class. */
static pleats_status add_same(reader *r, pleats_level_kind kind,
                              int64_t channels, bool *fits)
{
    pleats_status status = PLEATS_OK;
    pleats_level *level = NULL;
    TRY(push(r, kind, channels, r->positions, r->blocks, fits, &level));
    for (pleats_idx i = 0; *fits && i < level->n; i++)
        level->reads[i] = (uint64_t)1 << i;
done:
    return status;
}

/* Units on the last level, or on one of their own when that is not linear. */
static pleats_status add_units(reader *r, const pleats_layer_spec *l,
                               bool *fits)
{
    pleats_status status = PLEATS_OK;
    *fits = true;
    if (last_of(r)->kind != PLEATS_LEVEL_LINEAR || r->out->n == 1)
        TRY(add_same(r, PLEATS_LEVEL_UNITS, r->channels, fits));
    if (!*fits)
        goto done;
    pleats_level *level = last_of(r);
    level->kind = PLEATS_LEVEL_UNITS;
    level->pieces = l->pieces;
    level->flat = l->flat < l->pieces ? l->flat : l->pieces - 1;
done:
    return status;
}

static pleats_status add_maxpool(reader *r, pleats_idx index, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec *l = &r->spec->layer[index];
    const pleats_layer_spec *before = index > 0 ? l - 1 : NULL;
    bool is_flat = before && before->kind == PLEATS_LAYER_ACTIVATION &&
                   before->activation != PLEATS_ACT_PL &&
                   before->flat == before->pieces - 1;
    TRY(add_windows(r, index, is_flat ? PLEATS_LEVEL_POOL : PLEATS_LEVEL_MAX,
                    fits));
    if (!*fits)
        goto done;
    last_of(r)->pieces = 1;
    for (pleats_idx d = 0; d < l->in.n_spatial; d++)
        last_of(r)->pieces *= l->conv.kernel[d];
done:
    return status;
}

static pleats_status add_maxout(reader *r, const pleats_layer_spec *l,
                                bool *fits)
{
    pleats_status status = PLEATS_OK;
    TRY(add_same(r, PLEATS_LEVEL_MAX, l->out.channels, fits));
    if (*fits)
        last_of(r)->pieces = l->rank;
done:
    return status;
}

static pleats_status begin_skip(reader *r, bool *fits)
{
    pleats_status status = PLEATS_OK;
    TRY(add_same(r, PLEATS_LEVEL_SKIP, r->channels, fits));
    if (!*fits)
        goto done;
    last_of(r)->end = r->skip;
    r->skip = r->out->n - 1;
done:
    return status;
}

/* depends[l * PLEATS_MOST_CLASSES + i], l = skip .. n - 1: the classes of level
 * `skip` that class i of level l depends on. */
static pleats_status find_depends(const reader *r, size_t skip,
                                  uint64_t **depends)
{
    pleats_status status = PLEATS_OK;
    const pleats_linkage *all = r->out;
    TRY(pleats_alloc(r->ctx, all->n * PLEATS_MOST_CLASSES, sizeof **depends,
                     depends));
    for (size_t l = skip; l < all->n; l++) {
        const pleats_level *level = &all->level[l];
        uint64_t *now = *depends + l * PLEATS_MOST_CLASSES;
        const uint64_t *from = *depends + level->from * PLEATS_MOST_CLASSES;
        for (pleats_idx i = 0; i < level->n; i++) {
            now[i] = l == skip ? (uint64_t)1 << i : 0;
            for (pleats_idx k = 0; l > skip && k < PLEATS_MOST_CLASSES; k++)
                if (level->reads[i] >> k & 1)
                    now[i] |= from[k];
        }
    }
done:
    return status;
}

/* The sum reads, of what the branch began with, the same class and all that
 * the branch's result there depends on. */
static pleats_status end_skip(reader *r, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const size_t skip = r->skip, last = r->out->n - 1;
    uint64_t *depends = NULL;
    TRY(find_depends(r, skip, &depends));
    TRY(add_same(r, PLEATS_LEVEL_LINEAR, r->channels, fits));
    if (!*fits)
        goto done;
    for (pleats_idx i = 0; i < last_of(r)->n; i++)
        last_of(r)->reads[i] |= depends[last * PLEATS_MOST_CLASSES + (size_t)i];
    last_of(r)->from = skip;
    r->skip = r->out->level[skip].end;
    r->out->level[skip].end = r->out->n - 1;
done:
    pleats_release(r->ctx, depends);
    return status;
}

static pleats_status add_layer(reader *r, pleats_idx index, bool *fits)
{
    const pleats_layer_spec *l = &r->spec->layer[index];
    switch (l->kind) {
    case PLEATS_LAYER_CONV:
    case PLEATS_LAYER_AVGPOOL:
        return add_windows(r, index, PLEATS_LEVEL_LINEAR, fits);
    case PLEATS_LAYER_FC:
        return add_full(r, l, 1, fits);
    case PLEATS_LAYER_GAP:
        return add_full(r, l, r->blocks, fits);
    case PLEATS_LAYER_ACTIVATION:
        return add_units(r, l, fits);
    case PLEATS_LAYER_MAXPOOL:
        return add_maxpool(r, index, fits);
    case PLEATS_LAYER_MAXOUT:
        return add_maxout(r, l, fits);
    case PLEATS_LAYER_RES_BEGIN:
        return begin_skip(r, fits);
    case PLEATS_LAYER_RES_END:
        return end_skip(r, fits);
    case PLEATS_LAYER_BN:
    case PLEATS_LAYER_FLATTEN:
        *fits = true;
        return PLEATS_OK;
    case PLEATS_LAYER_GENERAL:
        *fits = false;
        return PLEATS_OK;
    }
    return PLEATS_OK;
}

/* ---- intervals ---- */

static int lowest(uint64_t set)
{
    return __builtin_ctzll(set);
}

static int behind_highest(uint64_t set)
{
    return 64 - __builtin_clzll(set);
}

static bool is_interval(uint64_t set)
{
    uint64_t shifted = set >> lowest(set);
    return (shifted & (shifted + 1)) == 0;
}

static bool reads_line(const pleats_level *level)
{
    int from = 0, to = 0;
    for (pleats_idx i = 0; i < level->n; i++) {
        uint64_t set = level->reads[i];
        if (set == 0)
            continue;
        if (!is_interval(set) || lowest(set) < from || behind_highest(set) < to)
            return false;
        from = lowest(set);
        to = behind_highest(set);
    }
    return true;
}

pleats_status pleats_linkage_of_spec(pleats_ctx *ctx, const pleats_spec *spec,
                                     bool merges, pleats_linkage *out,
                                     bool *fits)
{
    pleats_status status = PLEATS_OK;
    pleats_level *level = NULL;
    reader r = {.ctx = ctx, .spec = spec, .out = out, .merges = merges};
    *out = (pleats_linkage){.is_line = true};
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        r.has_skip |= spec->layer[i].kind == PLEATS_LAYER_RES_BEGIN;
    TRY(push(&r, PLEATS_LEVEL_LINEAR, spec->input.channels,
             pleats_shape_count(&spec->input) / spec->input.channels,
             blocks_behind(&r, -1, spec->input.channels), fits, &level));
    if (*fits)
        describe(&r, &spec->input, NULL);
    for (pleats_idx i = 0; *fits && i < spec->n_layers; i++)
        TRY(add_layer(&r, i, fits));
    for (size_t l = 1; *fits && l < out->n; l++)
        out->is_line &= reads_line(&out->level[l]);
done:
    if (status != PLEATS_OK || !*fits)
        pleats_linkage_clear(ctx, out);
    return status;
}

/* ---- strips ---- */

void pleats_strip_rows(pleats_idx n_rows, pleats_idx parts, pleats_idx i,
                       pleats_idx *first, pleats_idx *last)
{
    parts = parts < n_rows ? parts : n_rows;
    *first = (pleats_idx)((int64_t)n_rows * i / parts);
    *last = (pleats_idx)((int64_t)n_rows * (i + 1) / parts);
}

/* strip[i]: that of class i. */
static void find_strips(const pleats_level *level, pleats_idx parts,
                        pleats_idx *strip)
{
    const pleats_idx a_row = level->n / level->n_rows;
    const pleats_idx n = parts < level->n_rows ? parts : level->n_rows;
    for (pleats_idx s = 0; s < n; s++) {
        pleats_idx first = 0, last = 0;
        pleats_strip_rows(level->n_rows, parts, s, &first, &last);
        for (pleats_idx i = first * a_row; i < last * a_row; i++)
            strip[i] = s;
    }
}

static void merge_level(const pleats_linkage *fine, size_t l, pleats_idx parts,
                        pleats_level *out)
{
    const pleats_level *level = &fine->level[l];
    const pleats_level *from = &fine->level[level->from];
    pleats_idx strip[PLEATS_MOST_CLASSES], below[PLEATS_MOST_CLASSES];
    *out = *level;
    out->n = parts < level->n_rows ? parts : level->n_rows;
    find_strips(level, parts, strip);
    find_strips(from, parts, below);
    for (pleats_idx i = 0; i < PLEATS_MOST_CLASSES; i++)
        out->size[i] = 0, out->reads[i] = 0;
    for (pleats_idx i = 0; i < level->n; i++) {
        if (l > 0 && level->reads[i] == 0)
            continue;
        out->size[strip[i]] += level->size[i];
        for (pleats_idx k = 0; l > 0 && k < from->n; k++)
            if (level->reads[i] >> k & 1)
                out->reads[strip[i]] |= (uint64_t)1 << below[k];
    }
}

pleats_status pleats_linkage_merge(pleats_ctx *ctx, const pleats_linkage *fine,
                                   pleats_idx parts, pleats_linkage *out,
                                   bool *fits)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_linkage){.n = fine->n, .is_line = true};
    *fits = true;
    for (size_t l = 0; l < fine->n; l++)
        *fits = *fits && fine->level[l].n_rows > 0 &&
                fine->level[l].n % fine->level[l].n_rows == 0 &&
                fine->level[l].kind != PLEATS_LEVEL_POOL;
    if (!*fits)
        goto done;
    TRY(pleats_alloc(ctx, fine->n, sizeof *out->level, &out->level));
    for (size_t l = 0; l < fine->n; l++) {
        merge_level(fine, l, parts, &out->level[l]);
        if (l > 0)
            out->is_line &= reads_line(&out->level[l]);
    }
    *fits = out->is_line;
done:
    if (status != PLEATS_OK || !*fits)
        pleats_linkage_clear(ctx, out);
    return status;
}

void pleats_linkage_clear(pleats_ctx *ctx, pleats_linkage *linkage)
{
    pleats_release(ctx, linkage->level);
    *linkage = (pleats_linkage){0};
}
