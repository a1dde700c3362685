/* Complexes made by hand, whose homology is known. */
#include "complex/homology.h"
#include "unit.h"

/* A complex of triangles: its vertices, edges and triangles become faces. */
typedef struct {
    pleats_complex_faces faces;
    pleats_idx n_vertices;
} surface;

static pleats_idx add(surface *s, pleats_idx d, pleats_idx n,
                      const pleats_idx *facet)
{
    pleats_complex_face *face = NULL;
    assert_int_equal(pleats_complex_faces_add(&s->faces, d, n, &face),
                     PLEATS_OK);
    face->chosen = true;
    for (pleats_idx j = 0; j < n; j++)
        face->facet[j] = facet[j];
    return (pleats_idx)s->faces.n[d] - 1;
}

/* The edge between two vertices, which is added when it is not there. */
static pleats_idx edge(surface *s, pleats_idx a, pleats_idx b)
{
    const pleats_idx ends[] = {a < b ? a : b, a < b ? b : a};
    for (size_t i = 0; i < s->faces.n[1]; i++)
        if (s->faces.face[1][i].facet[0] == ends[0] &&
            s->faces.face[1][i].facet[1] == ends[1])
            return (pleats_idx)i;
    return add(s, 1, 2, ends);
}

static void make(pleats_ctx *ctx, surface *s, pleats_idx k, pleats_idx n,
                 const pleats_idx (*triangle)[3], pleats_idx n_triangles)
{
    *s = (surface){.faces = {.ctx = ctx, .k = k}, .n_vertices = n};
    for (pleats_idx i = 0; i < n; i++)
        (void)add(s, 0, 0, NULL);
    for (pleats_idx i = 0; i < n_triangles; i++) {
        const pleats_idx *t = triangle[i];
        const pleats_idx sides[] = {edge(s, t[1], t[2]), edge(s, t[0], t[2]),
                                    edge(s, t[0], t[1])};
        (void)add(s, 2, 3, sides);
    }
}

static void expect(const surface *s, const uint64_t *two,
                   const uint64_t *rational)
{
    pleats_orientation o = {0};
    uint64_t betti[PLEATS_COMPLEX_LEVELS];
    bool is_known = false;
    assert_int_equal(pleats_orientation_find(&s->faces, &o), PLEATS_OK);
    assert_int_equal(pleats_homology(&s->faces, NULL, betti, &is_known),
                     PLEATS_OK);
    assert_true(is_known);
    for (pleats_idx d = 0; d <= s->faces.k; d++)
        assert_int_equal(betti[d], two[d]);
    assert_int_equal(pleats_homology(&s->faces, &o, betti, &is_known),
                     PLEATS_OK);
    assert_true(is_known);
    for (pleats_idx d = 0; d <= s->faces.k; d++)
        assert_int_equal(betti[d], rational[d]);
    pleats_orientation_clear(s->faces.ctx, &o);
}

/* Six vertices; every two are joined, every edge is in two triangles: modulo 2
 * the whole is a cycle, over the rationals it is none. */
static void projective_plane(void **state)
{
    static const pleats_idx t[][3] = {
        {0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 5, 1},
        {1, 2, 4}, {2, 3, 5}, {3, 4, 1}, {4, 5, 2}, {5, 1, 3}};
    static const uint64_t two[] = {1, 1, 1}, rational[] = {1, 0, 0};
    surface s;
    make(*state, &s, 2, 6, t, 10);
    assert_int_equal(s.faces.n[1], 15);
    expect(&s, two, rational);
    pleats_complex_faces_clear(&s.faces);
}

/* A square of 3 x 3 vertices whose opposite sides are one, the one pair
 * turned round (`is_bottle`) or not. */
static void make_square(pleats_ctx *ctx, surface *s, bool is_bottle)
{
    pleats_idx t[18][3];
    for (pleats_idx i = 0; i < 9; i++) {
        const pleats_idx x = i % 3, y = i / 3, right = (x + 1) % 3;
        const pleats_idx up = (y + 1) % 3, turned = (3 - y) % 3;
        const pleats_idx turned_up = (5 - y) % 3;
        const bool turns = is_bottle && x == 2;
        const pleats_idx a = 3 * y + x, b = 3 * (turns ? turned : y) + right;
        const pleats_idx c = 3 * up + x;
        const pleats_idx d = 3 * (turns ? turned_up : up) + right;
        const pleats_idx two[][3] = {{a, b, d}, {a, d, c}};
        for (int j = 0; j < 6; j++)
            t[2 * i + j / 3][j % 3] = two[j / 3][j % 3];
    }
    make(ctx, s, 2, 9, (const pleats_idx(*)[3])t, 18);
}

static void torus_and_bottle(void **state)
{
    static const uint64_t torus[] = {1, 2, 1}, bottle[] = {1, 1, 0};
    for (int is_bottle = 0; is_bottle < 2; is_bottle++) {
        surface s;
        make_square(*state, &s, is_bottle);
        assert_int_equal(s.faces.n[1], 27);
        expect(&s, torus, is_bottle ? bottle : torus);
        pleats_complex_faces_clear(&s.faces);
    }
}

/* Two tetrahedra that share a vertex, hollow; then one of them without a
 * triangle: what is chosen counts, and nothing else. */
static void parts_of_one(void **state)
{
    static const pleats_idx t[][3] = {{0, 1, 2}, {0, 1, 3}, {0, 2, 3},
                                      {1, 2, 3}, {3, 4, 5}, {3, 4, 6},
                                      {3, 5, 6}, {4, 5, 6}};
    static const uint64_t both[] = {1, 0, 2, 0}, one[] = {1, 0, 1, 0};
    static const uint64_t ring[] = {1, 1, 1, 0};
    surface s;
    make(*state, &s, 3, 7, t, 8);
    expect(&s, both, both);
    s.faces.face[2][0].chosen = false;
    expect(&s, one, one);
    for (size_t i = 0; i < s.faces.n[1]; i++)
        if (s.faces.face[1][i].facet[0] == 0 &&
            s.faces.face[1][i].facet[1] == 2) {
            s.faces.face[2][2].chosen = false;
            s.faces.face[1][i].chosen = false;
        }
    expect(&s, one, one);
    s.faces.face[2][3].chosen = false;
    expect(&s, ring, ring);
    pleats_complex_faces_clear(&s.faces);
}

/* A square whose list of sides has one twice, or lacks one, is no face; nor are
 * two triangles, apart or with a vertex in common, or two edges. */
static void broken_faces(void **state)
{
    static const pleats_idx twice[] = {0, 1, 2, 2}, open[] = {0, 1, 2};
    static const pleats_idx apart[] = {0, 1, 7, 4, 5, 6};
    static const pleats_idx touching[] = {0, 3, 1, 7, 9, 8}, two[] = {7, 1};
    static const pleats_idx ends[][2] = {{0, 1}, {1, 2}, {2, 3}, {0, 3},
                                         {4, 5}, {5, 6}, {4, 6}, {0, 2},
                                         {0, 4}, {3, 4}};
    static const struct {
        const pleats_idx *list;
        pleats_idx n;
    } bad[] = {{twice, 4}, {open, 3}, {apart, 6}, {touching, 6}, {two, 2}};
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        surface s = {.faces = {.ctx = *state, .k = 2}};
        pleats_orientation o = {0};
        for (int i = 0; i < 7; i++)
            (void)add(&s, 0, 0, NULL);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            (void)add(&s, 1, 2, ends[i]);
        (void)add(&s, 2, bad[b].n, bad[b].list);
        assert_int_equal(pleats_orientation_find(&s.faces, &o),
                         PLEATS_INTERNAL);
        assert_non_null(strstr(pleats_ctx_message(*state), "no sphere"));
        pleats_orientation_clear(*state, &o);
        pleats_complex_faces_clear(&s.faces);
    }
}

/* A ring of twelve edges whose ends count 127 and 126: its last column meets
 * powers of both that 64 bits do not hold, which is told; the field of two
 * elements knows no such numbers. */
static void large_numbers(void **state)
{
    enum { N = 12 };
    surface s = {.faces = {.ctx = *state, .k = 1}};
    pleats_orientation o = {0};
    uint64_t betti[PLEATS_COMPLEX_LEVELS];
    bool is_known = false;
    for (int i = 0; i < N; i++)
        (void)add(&s, 0, 0, NULL);
    for (pleats_idx i = 0; i < N; i++)
        (void)add(&s, 1, 2, (pleats_idx[]){i, (i + 1) % N});
    assert_int_equal(pleats_orientation_find(&s.faces, &o), PLEATS_OK);
    for (int i = 0; i < 2 * N; i++)
        o.sign[1][i] = i % 2 ? 126 : 127;
    assert_int_equal(pleats_homology(&s.faces, &o, betti, &is_known),
                     PLEATS_OK);
    assert_false(is_known);
    assert_int_equal(pleats_homology(&s.faces, NULL, betti, &is_known),
                     PLEATS_OK);
    assert_true(is_known);
    assert_int_equal(betti[1], 1);
    pleats_orientation_clear(*state, &o);
    pleats_complex_faces_clear(&s.faces);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(projective_plane, ctx),
        cmocka_unit_test_prestate(torus_and_bottle, ctx),
        cmocka_unit_test_prestate(parts_of_one, ctx),
        cmocka_unit_test_prestate(broken_faces, ctx),
        cmocka_unit_test_prestate(large_numbers, ctx),
    };
    return RUN(tests, ctx);
}
