"""The C interface of pleats 0.2.0: made by python/generate.py, not by hand.

Structs are classes of the same name, opaque ones without fields.  ENUMS has
the constants of each enum by its name ("" for those of enums without one), and
FUNCTIONS the result and the parameters of each function."""
from __future__ import annotations

from ctypes import *  # noqa: F403
from typing import Any

VERSION = "0.2.0"
S = Structure
P: Any = POINTER
V = c_void_p
T = c_char_p

class pleats_progress(S):
    _fields_ = [("found", c_uint64), ("share", c_double), ("mean", c_double),
        ("rel_error", c_double), ("lower", c_double), ("upper", c_double),
        ("reserved", c_uint64 * 2)]
pleats_progress_fn = CFUNCTYPE(None, V, P(pleats_progress))
class pleats_limits(S):
    _fields_ = [("size", c_size_t), ("seconds", c_double), ("cells", c_uint64),
        ("bytes", c_size_t), ("threads", c_int32), ("cancel", P(c_int)),
        ("progress", pleats_progress_fn), ("progress_state", V)]
class pleats_allocator(S):
    _fields_ = [("alloc", CFUNCTYPE(V, V, c_size_t)), ("release",
        CFUNCTYPE(None, V, V, c_size_t)), ("state", V)]
class pleats_ctx(S): pass
class pleats_rows(S): pass
class pleats_domain(S): pass
class pleats_values(S):
    _fields_ = [("number", P(c_double)), ("text", P(T))]
class pleats_net(S): pass
class pleats_load_options(S):
    _fields_ = [("size", c_size_t), ("shape", T), ("logits", c_bool),
        ("output", T)]
class pleats_layer_arrays(S):
    _fields_ = [("type", c_uint), ("n_out", c_int32), ("weight", P(c_double)),
        ("bias", P(c_double)), ("kernel", c_int32 * 3), ("stride", c_int32 *
        3), ("pad_before", c_int32 * 3), ("pad_behind", c_int32 * 3),
        ("dilation", c_int32 * 3), ("groups", c_int32), ("alpha", c_double),
        ("lo", c_double), ("hi", c_double), ("n_breaks", c_int32), ("breaks",
        P(c_double)), ("slopes", P(c_double)), ("intercepts", P(c_double)),
        ("rank", c_int32)]
class pleats_layer(S):
    _fields_ = [("name", T), ("op", T), ("n_dims", c_int32), ("dims",
        P(c_int64)), ("parameters", c_int64), ("units", c_int32),
        ("min_pieces", c_int32), ("max_pieces", c_int32)]
class pleats_count_options(S):
    _fields_ = [("size", c_size_t), ("pieces", c_bool), ("maps", c_bool),
        ("paranoid", c_bool), ("engine", c_uint)]
class pleats_count_result(S):
    _fields_ = [("regions", T), ("pieces", T), ("maps", T), ("label", c_uint),
        ("stopped", c_uint), ("dimension", c_int32), ("by_bounds", c_uint64),
        ("by_exact", c_uint64), ("seconds", c_double), ("reserved", c_uint64 *
        8)]
class pleats_spec(S): pass
class pleats_bound(S):
    _fields_ = [("name", T), ("side", c_uint), ("label", c_uint), ("source",
        T), ("of", T), ("applies", c_bool), ("why", T), ("value", T), ("log10",
        c_double)]
class pleats_bounds_result(S):
    _fields_ = [("n", c_size_t), ("bound", P(pleats_bound)), ("n_growth",
        c_size_t), ("growth_upper", P(c_int64)), ("growth_lower", P(c_int64)),
        ("best_upper", T), ("best_lower", T), ("stopped", c_uint), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_bounds_options(S):
    _fields_ = [("size", c_size_t), ("budget", c_uint64), ("witness",
        P(pleats_net))]
class pleats_output(S): pass
class pleats_region_batch(S):
    _fields_ = [("n", c_int32), ("worker", c_int32), ("n_inputs", c_int32),
        ("n_outputs", c_int32), ("n_units", c_int32), ("pattern_bytes",
        c_int32), ("pattern", P(c_ubyte)), ("point", P(c_double)),
        ("is_inside", P(c_bool)), ("a", P(c_double)), ("b", P(c_double)),
        ("volume", P(c_double)), ("volume_error", P(c_double)),
        ("exact_volume", P(T)), ("is_bounded", P(c_bool)), ("standing",
        P(c_ubyte)), ("slope", P(c_double)), ("vertices", P(T)), ("facets",
        P(T)), ("neighbours", P(T)), ("centre", P(c_double)), ("radius",
        P(c_double)), ("reserved", c_uint64 * 5)]
pleats_region_batch_fn = CFUNCTYPE(c_bool, V, P(pleats_region_batch))
class pleats_regions_options(S):
    _fields_ = [("size", c_size_t), ("want", c_uint), ("batch", c_int32),
        ("any_thread", c_bool), ("paranoid", c_bool), ("engine", c_uint),
        ("part", c_uint64), ("of", c_uint64)]
class pleats_regions_result(S):
    _fields_ = [("regions", T), ("label", c_uint), ("stopped", c_uint),
        ("dimension", c_int32), ("seconds", c_double), ("reserved", c_uint64 *
        8)]
class pleats_cells_options(S):
    _fields_ = [("size", c_size_t), ("fields", c_uint), ("format", c_uint),
        ("paranoid", c_bool), ("engine", c_uint), ("part", c_uint64), ("of",
        c_uint64)]
class pleats_cells_result(S):
    _fields_ = [("regions", T), ("label", c_uint), ("stopped", c_uint),
        ("dimension", c_int32), ("seconds", c_double), ("reserved", c_uint64 *
        8)]
class pleats_work(S): pass
class pleats_certificate_options(S):
    _fields_ = [("size", c_size_t), ("form", c_uint), ("part", c_uint64),
        ("of", c_uint64)]
class pleats_certificate_result(S):
    _fields_ = [("count", pleats_count_result), ("lines", c_uint64), ("splits",
        c_uint64), ("points", c_uint64), ("multipliers", c_uint64),
        ("by_exact", c_uint64), ("seconds", c_double), ("stopped", c_uint),
        ("reserved", c_uint64 * 8)]
class pleats_certificate(S): pass
class pleats_local(S): pass
class pleats_piece_change(S):
    _fields_ = [("unit", c_int32), ("from", c_int32), ("to", c_int32)]
class pleats_facet(S):
    _fields_ = [("proof", c_uint), ("side", c_int32), ("n_units", c_int32),
        ("unit", P(c_int32)), ("n_changes", c_int32), ("change",
        P(pleats_piece_change)), ("distance", c_double), ("max_distance",
        c_double)]
class pleats_layer_walls(S):
    _fields_ = [("layer", c_int32), ("facets", c_int32), ("facet_distance",
        c_double), ("wall_distance", c_double)]
class pleats_halfspace_row(S):
    _fields_ = [("unit", c_int32), ("side", c_int32), ("proof", c_uint),
        ("facet", c_int32), ("row", T)]
class pleats_local_options(S):
    _fields_ = [("size", c_size_t), ("map", c_bool), ("vertices", c_bool),
        ("halfspaces", c_bool)]
class pleats_local_result(S):
    _fields_ = [("n_inputs", c_int32), ("n_outputs", c_int32), ("n_units",
        c_int32), ("dimension", c_int32), ("piece", P(c_int32)), ("on_side",
        c_bool), ("exact", c_bool), ("stopped", c_uint), ("n_halfspaces",
        c_int32), ("proofs", c_int32 * 8), ("n_facets", c_int32), ("facet",
        P(pleats_facet)), ("n_layers", c_int32), ("layer",
        P(pleats_layer_walls)), ("ball", T), ("ball_below", c_double),
        ("ball_unit", c_int32), ("distance", c_double), ("shape", c_uint),
        ("centre", P(c_double)), ("radius", c_double), ("n_vertices", c_int32),
        ("n_rays", c_int32), ("vertex", P(T)), ("a", P(c_double)), ("b",
        P(c_double)), ("by_bounds", c_uint64), ("by_exact", c_uint64),
        ("seconds", c_double), ("halfspace", P(pleats_halfspace_row)),
        ("slope", P(c_double)), ("reserved", c_uint64 * 6)]
class pleats_walk_node(S):
    _fields_ = [("hash", c_char * 65), ("depth", c_int32), ("expanded",
        c_bool), ("exact", c_bool), ("facets", c_int32), ("sides", c_int32)]
class pleats_walk_edge(S):
    _fields_ = [("from", c_int64), ("to", c_int64), ("n_units", c_int64),
        ("unit", P(c_int32))]
class pleats_walk_result(S):
    _fields_ = [("n_units", c_int32), ("n_nodes", c_int64), ("n_edges",
        c_int64), ("node", P(pleats_walk_node)), ("piece", P(c_int32)),
        ("edge", P(pleats_walk_edge)), ("unit", P(c_int32)), ("complete",
        c_bool), ("stopped", c_uint), ("seconds", c_double), ("reserved",
        c_uint64 * 8)]
class pleats_complex_options(S):
    _fields_ = [("size", c_size_t), ("level", T), ("output", c_int32),
        ("classes", c_bool), ("exact_volumes", c_bool), ("graph", c_bool)]
class pleats_complex_set(S):
    _fields_ = [("kind", c_uint), ("number", c_int32), ("faces", c_uint64 * 9),
        ("euler", c_int64), ("betti", c_uint64 * 9), ("has_rational", c_bool),
        ("rational", c_uint64 * 9)]
class pleats_complex_component(S):
    _fields_ = [("number", c_int32), ("parts", c_uint64), ("volume", c_double),
        ("volume_error", c_double), ("exact_volume", T)]
class pleats_complex_node(S):
    _fields_ = [("facets", c_int32), ("sides", c_int32), ("vertices", c_int32)]
class pleats_complex_result(S):
    _fields_ = [("label", c_uint), ("stopped", c_uint), ("dimension", c_int32),
        ("faces", c_uint64 * 9), ("inside", c_uint64 * 9), ("euler", c_int64),
        ("n_sets", c_int32), ("set", P(pleats_complex_set)), ("n_components",
        c_int32), ("component", P(pleats_complex_component)), ("n_inputs",
        c_int32), ("n_units", c_int32), ("n_nodes", c_int64), ("n_edges",
        c_int64), ("node", P(pleats_complex_node)), ("piece", P(c_int32)),
        ("point", P(c_double)), ("edge", P(pleats_walk_edge)), ("unit",
        P(c_int32)), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_draw_options(S):
    _fields_ = [("size", c_size_t), ("colour", c_uint), ("has_output", c_bool),
        ("output", c_int32), ("has_level", c_bool), ("level", c_double),
        ("no_walls", c_bool), ("no_boundary", c_bool), ("open", c_bool),
        ("histogram", c_uint), ("width", c_double), ("title", T)]
class pleats_draw_result(S):
    _fields_ = [("regions", T), ("label", c_uint), ("stopped", c_uint),
        ("is_drawn", c_bool), ("boundary_segments", c_int64), ("breakpoints",
        c_int64), ("corners", c_int64), ("triangles", c_int64), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_figure_options(S):
    _fields_ = [("size", c_size_t), ("kind", c_uint), ("width", c_double),
        ("title", T)]
class pleats_figure_result(S):
    _fields_ = [("kind", c_uint), ("n_exact", c_int32), ("n_between", c_int32),
        ("n_estimate", c_int32), ("n_left_out", c_int32), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_init(S):
    _fields_ = [("weights", c_uint), ("bias", c_uint), ("deviation", c_double),
        ("seed", c_uint64)]
class pleats_record(S): pass
class pleats_estimate_options(S):
    _fields_ = [("size", c_size_t), ("seed", c_uint64), ("level", c_double),
        ("rel_error", c_double), ("sweeps", c_uint64), ("exact_time",
        c_double), ("record", P(pleats_record))]
class pleats_estimate_result(S):
    _fields_ = [("label", c_uint), ("regions", T), ("lo", T), ("hi", T),
        ("lower", T), ("mean", c_double), ("rel_error", c_double),
        ("deviation", c_double), ("sweeps", c_uint64), ("is_constant", c_bool),
        ("stopped", c_uint), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_mean_options(S):
    _fields_ = [("size", c_size_t), ("init", pleats_init), ("trials",
        c_uint64), ("level", c_double), ("most", c_uint64), ("sweeps",
        c_uint64), ("record", P(pleats_record))]
class pleats_mean_row(S):
    _fields_ = [("number", c_uint64), ("seed", c_uint64), ("exact", c_bool),
        ("regions", T)]
class pleats_mean_result(S):
    _fields_ = [("n", c_uint64), ("row", P(pleats_mean_row)), ("n_exact",
        c_uint64), ("mean", c_double), ("deviation", c_double), ("lo",
        c_double), ("hi", c_double), ("quantile", T * 7), ("is_constant",
        c_bool), ("stopped", c_uint), ("seconds", c_double), ("reserved",
        c_uint64 * 8)]
class pleats_density_options(S):
    _fields_ = [("size", c_size_t), ("radius", T), ("n", c_uint64), ("seed",
        c_uint64), ("level", c_double), ("most", c_uint64)]
class pleats_density_layer(S):
    _fields_ = [("mean", c_double), ("lo", c_double), ("hi", c_double),
        ("least", c_double), ("greatest", c_double)]
class pleats_density_result(S):
    _fields_ = [("n", c_uint64), ("over", c_uint64), ("n_layers", c_int32),
        ("layer", P(pleats_density_layer)), ("stopped", c_uint), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_hull_options(S):
    _fields_ = [("size", c_size_t), ("radius", T), ("n", c_uint64), ("seed",
        c_uint64), ("most", c_uint64), ("directions", c_int32), ("cuts",
        c_bool)]
class pleats_hull_layer(S):
    _fields_ = [("first_unit", c_int32), ("units", c_int32), ("name", T),
        ("op", T)]
class pleats_hull_result(S):
    _fields_ = [("n", c_uint64), ("n_layers", c_int32), ("directions",
        c_int32), ("layer", P(pleats_hull_layer)), ("lower", P(c_int32)),
        ("upper", P(c_int32)), ("cut", P(c_int32)), ("cut_regions",
        P(c_uint64)), ("cut_is_whole", P(c_bool)), ("stopped", c_uint),
        ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_number(S):
    _fields_ = [("value", T), ("label", c_uint), ("error", c_double),
        ("reason", T)]
class pleats_numbers(S):
    _fields_ = [("n", c_size_t), ("at", P(T))]
class pleats_one_layer_options(S):
    _fields_ = [("size", c_size_t), ("want", c_uint), ("layer", c_int64),
        ("slice", c_int64), ("has_slice", c_bool), ("budget", c_uint64),
        ("samples", c_uint64), ("max_states", c_uint64), ("level", c_double),
        ("seed", c_uint64)]
class pleats_one_layer_result(S):
    _fields_ = [("layer", T), ("input", T), ("formula", pleats_number),
        ("generic", pleats_number), ("generic_low", T), ("generic_high", T),
        ("generic_lower", T), ("generic_upper", T), ("level", c_double),
        ("no_bias", pleats_number), ("no_bias_upper", T), ("nonzero_breaks",
        pleats_number), ("bounded", pleats_number), ("slice", pleats_number),
        ("independent", pleats_numbers), ("independent_label", c_uint),
        ("independent_error", c_double), ("characteristic", pleats_numbers),
        ("binomial", pleats_numbers), ("monomial", pleats_numbers),
        ("polynomial_label", c_uint), ("polynomial_reason", T), ("leading", T),
        ("degree", c_int64), ("sentence", T), ("complete", c_bool), ("stopped",
        c_uint), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_range_options(S):
    _fields_ = [("size", c_size_t), ("output", c_int32), ("direction",
        pleats_values)]
class pleats_extreme(S):
    _fields_ = [("label", c_uint), ("lower", c_double), ("upper", c_double),
        ("value", T), ("shown", T), ("point", P(T)), ("input", P(c_double)),
        ("output", P(T)), ("pattern", P(c_int32)), ("nodes", c_uint64),
        ("leaves", c_uint64), ("stopped", c_uint), ("reserved", c_uint64 * 8)]
class pleats_range_result(S):
    _fields_ = [("is_empty", c_bool), ("n_inputs", c_int32), ("n_outputs",
        c_int32), ("n_units", c_int32), ("least", pleats_extreme), ("largest",
        pleats_extreme), ("stopped", c_uint), ("seconds", c_double),
        ("reserved", c_uint64 * 8)]
class pleats_property_result(S):
    _fields_ = [("has_outputs", c_bool), ("verdict", c_uint), ("n_inputs",
        c_int32), ("n_outputs", c_int32), ("n_units", c_int32), ("point",
        P(T)), ("input", P(c_double)), ("output", P(T)), ("pattern",
        P(c_int32)), ("cases", c_int32), ("settled", c_int32), ("share",
        c_double), ("nodes", c_uint64), ("leaves", c_uint64), ("stopped",
        c_uint), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_lipschitz_options(S):
    _fields_ = [("size", c_size_t), ("norm", c_uint), ("output", c_int32),
        ("map", c_bool)]
class pleats_lipschitz_result(S):
    _fields_ = [("is_empty", c_bool), ("n_inputs", c_int32), ("n_units",
        c_int32), ("label", c_uint), ("value", T), ("lower", c_double),
        ("upper", c_double), ("point", P(T)), ("input", P(c_double)),
        ("pattern", P(c_int32)), ("nodes", c_uint64), ("leaves", c_uint64),
        ("stopped", c_uint), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_merge_result(S):
    _fields_ = [("regions", T), ("maps", T), ("model_sha256", T), ("domain",
        T), ("parts", c_int64), ("dimension", c_int32), ("by_bounds",
        c_uint64), ("by_exact", c_uint64), ("n_rounded", c_int64), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_plane_options(S):
    _fields_ = [("size", c_size_t), ("boundary", c_bool), ("level", c_double)]
class pleats_plane_cell(S):
    _fields_ = [("active", c_int32), ("depth", c_int32), ("winner", c_int32),
        ("hash", c_uint32), ("gradient", c_double), ("area", c_double)]
class pleats_plane_part(S):
    _fields_ = [("cell", c_int64), ("winner", c_int32), ("first", c_int64),
        ("n", c_int64)]
class pleats_plane_result(S):
    _fields_ = [("regions", T), ("label", c_uint), ("stopped", c_uint),
        ("n_outputs", c_int32), ("n_units", c_int32), ("pattern_bytes",
        c_int32), ("axis", c_char * 16 * 2), ("n_cells", c_int64),
        ("n_corners", c_int64), ("cell", P(pleats_plane_cell)), ("corner",
        P(c_double)), ("start", P(c_int64)), ("side", P(c_int64)), ("wall",
        P(c_int32)), ("pattern", P(c_ubyte)), ("map", P(c_double)), ("n_parts",
        c_int64), ("n_part_corners", c_int64), ("n_segments", c_int64),
        ("part", P(pleats_plane_part)), ("part_corner", P(c_double)),
        ("segment", P(c_double)), ("seconds", c_double), ("reserved", c_uint64
        * 8)]
class pleats_sample_options(S):
    _fields_ = [("size", c_size_t), ("source", c_uint), ("points", c_uint64),
        ("scale", c_double), ("rows", P(pleats_rows)), ("seed", c_uint64),
        ("batch", c_int32)]
class pleats_sample_result(S):
    _fields_ = [("points", c_uint64), ("patterns", c_uint64), ("singletons",
        c_uint64), ("doubletons", c_uint64), ("coverage", c_double),
        ("richness", c_double), ("is_saturated", c_bool), ("by_exact",
        c_uint64), ("on_walls", c_uint64), ("undecided", c_uint64), ("stopped",
        c_uint), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_search_options(S):
    _fields_ = [("size", c_size_t), ("starts", c_uint64), ("patience",
        c_uint64), ("seed", c_uint64), ("pieces", c_bool), ("most", c_uint64),
        ("record", P(pleats_record))]
class pleats_search_result(S):
    _fields_ = [("best", T), ("upper", T), ("is_exact", c_bool), ("start",
        c_uint64), ("starts", c_uint64), ("counts", c_uint64), ("net",
        P(pleats_net)), ("complete", c_bool), ("stopped", c_uint), ("seconds",
        c_double), ("reserved", c_uint64 * 8)]
class pleats_stable_options(S):
    _fields_ = [("size", c_size_t), ("effort", c_uint), ("record",
        P(pleats_record))]
class pleats_stable_layer(S):
    _fields_ = [("first_unit", c_int32), ("units", c_int32), ("off", c_int32),
        ("on", c_int32), ("changes", c_int32), ("undecided", c_int32), ("name",
        T), ("op", T)]
class pleats_stable_result(S):
    _fields_ = [("n_layers", c_int32), ("n_units", c_int32), ("layer",
        P(pleats_stable_layer)), ("state", P(c_uint)), ("regions", T),
        ("complete", c_bool), ("stopped", c_uint), ("seconds", c_double),
        ("reserved", c_uint64 * 8)]
class pleats_survey_options(S):
    _fields_ = [("size", c_size_t), ("paranoid", c_bool), ("engine", c_uint),
        ("exact_volumes", c_bool), ("rows", P(pleats_rows))]
class pleats_survey_class(S):
    _fields_ = [("somewhere", c_uint64), ("everywhere", c_uint64), ("volume",
        c_double), ("volume_error", c_double), ("share_lo", c_double),
        ("share_hi", c_double), ("exact_volume", T)]
class pleats_survey_layer(S):
    _fields_ = [("units", pleats_stable_layer), ("last", c_uint64)]
class pleats_survey_numbers(S):
    _fields_ = [("n", c_int32), ("first", c_int32), ("bin", P(c_uint64)),
        ("zeros", c_uint64), ("infinite", c_uint64), ("least", c_double),
        ("most", c_double), ("mean", c_double)]
class pleats_survey_result(S):
    _fields_ = [("regions", T), ("label", c_uint), ("stopped", c_uint),
        ("dimension", c_int32), ("n_classes", c_int32), ("classes",
        P(pleats_survey_class)), ("mixed", c_uint64), ("n_layers", c_int32),
        ("layer", P(pleats_survey_layer)), ("uncut", c_uint64), ("n_units",
        c_int32), ("state", P(c_uint)), ("n_active", c_int32), ("active",
        P(c_uint64)), ("has_volumes", c_bool), ("domain_volume", T),
        ("volume_gram", T), ("volume", pleats_survey_numbers), ("diameter",
        pleats_survey_numbers), ("slope", pleats_survey_numbers), ("distance",
        pleats_survey_numbers), ("n_rows", c_int64), ("rows_outside", c_int64),
        ("rows_on_walls", c_int64), ("n_used", c_int64), ("in_region",
        P(c_int64)), ("seconds", c_double), ("reserved", c_uint64 * 8)]
class pleats_survey_figure_options(S):
    _fields_ = [("size", c_size_t), ("width", c_double), ("title", T),
        ("domain", T)]

ENUMS: dict[str, dict[str, int]] = {
    "pleats_status": {"PLEATS_OK": 0, "PLEATS_INVALID": 1, "PLEATS_LIMIT": 2,
        "PLEATS_UNDECIDED": 3, "PLEATS_NOMEM": 4, "PLEATS_INTERNAL": 5,
        "PLEATS_IO": 6},
    "pleats_label": {"PLEATS_NO_LABEL": 0, "PLEATS_EXACT": 1,
        "PLEATS_PROBABLE": 2, "PLEATS_LOWER": 3, "PLEATS_UPPER": 4,
        "PLEATS_ESTIMATE": 5},
    "pleats_stop": {"PLEATS_STOP_NONE": 0, "PLEATS_STOP_TIME": 1,
        "PLEATS_STOP_CANCEL": 2, "PLEATS_STOP_MEMORY": 3, "PLEATS_STOP_CELLS":
        4, "PLEATS_STOP_VISITOR": 5, "PLEATS_STOP_SWEEPS": 6,
        "PLEATS_STOP_UNDECIDED": 7},
    "pleats_norm": {"PLEATS_NORM_INF": 0, "PLEATS_NORM_1": 1, "PLEATS_NORM_2":
        2},
    "pleats_layer_type": {"PLEATS_AFFINE": 1, "PLEATS_CONV": 2, "PLEATS_RELU":
        3, "PLEATS_LEAKY_RELU": 4, "PLEATS_ABS": 5, "PLEATS_CLIP": 6,
        "PLEATS_PIECEWISE": 7, "PLEATS_MAXOUT": 8, "PLEATS_MAX_POOL": 9,
        "PLEATS_AVERAGE_POOL": 10},
    "": {"PLEATS_MAX_AXES": 3, "PLEATS_REGION_PATTERN": 1,
        "PLEATS_REGION_POINT": 2, "PLEATS_REGION_MAP": 4,
        "PLEATS_REGION_VOLUME": 8, "PLEATS_REGION_EXACT_VOLUME": 16,
        "PLEATS_REGION_BOUNDED": 32, "PLEATS_REGION_CLASS": 64,
        "PLEATS_REGION_SLOPE": 128, "PLEATS_REGION_VERTICES": 256,
        "PLEATS_REGION_FACETS": 512, "PLEATS_REGION_NEIGHBOURS": 1024,
        "PLEATS_REGION_CENTRE": 2048, "PLEATS_CLASS_NOWHERE": 0,
        "PLEATS_CLASS_SOMEWHERE": 1, "PLEATS_CLASS_EVERYWHERE": 2,
        "PLEATS_MOST_PARTS": 65536, "PLEATS_WORK_KEY_BYTES": 65,
        "PLEATS_COMPLEX_DIMENSION": 8, "PLEATS_COMPLEX_LEVELS": 9,
        "PLEATS_RECORD_KEY_BYTES": 65, "PLEATS_MEAN_TRIALS": 100,
        "PLEATS_MEAN_QUANTILES": 7, "PLEATS_WANT_FORMULA": 1,
        "PLEATS_WANT_GENERIC": 2, "PLEATS_WANT_NO_BIAS": 4,
        "PLEATS_WANT_BOUNDED": 8, "PLEATS_WANT_SLICE": 16,
        "PLEATS_WANT_INDEPENDENT": 32, "PLEATS_WANT_POLYNOMIAL": 64,
        "PLEATS_WANT_ALL": 127, "PLEATS_SEARCH_STARTS": 64,
        "PLEATS_PLAIN_BYTES": 8},
    "pleats_count_engine": {"PLEATS_COUNT_AUTO": 0, "PLEATS_COUNT_BY_VERTICES":
        1, "PLEATS_COUNT_BY_PROGRAMMES": 2},
    "pleats_cells_format": {"PLEATS_CELLS_AUTO": 0, "PLEATS_CELLS_HDF5": 1,
        "PLEATS_CELLS_NPZ": 2, "PLEATS_CELLS_JSONL": 3},
    "pleats_certificate_form": {"PLEATS_CERTIFICATE_BINARY": 0,
        "PLEATS_CERTIFICATE_TEXT": 1},
    "pleats_proof": {"PLEATS_PROOF_NONE": 0, "PLEATS_PROOF_RAY": 1,
        "PLEATS_PROOF_PROGRAMME": 2, "PLEATS_PROOF_EXACT_FACET": 3,
        "PLEATS_PROOF_INDEPENDENT": 4, "PLEATS_PROOF_SUM": 5,
        "PLEATS_PROOF_EXACT_REDUNDANT": 6, "PLEATS_PROOF_REPEATED": 7,
        "PLEATS_N_PROOFS": 8},
    "pleats_region_shape": {"PLEATS_SHAPE_UNKNOWN": 0, "PLEATS_SHAPE_BOUNDED":
        1, "PLEATS_SHAPE_UNBOUNDED": 2},
    "pleats_set_kind": {"PLEATS_SET_SUBLEVEL": 0, "PLEATS_SET_SUPERLEVEL": 1,
        "PLEATS_SET_LEVEL": 2, "PLEATS_SET_CLASS": 3, "PLEATS_SET_BOUNDARY":
        4},
    "pleats_draw_colour": {"PLEATS_DRAW_PATTERN": 0, "PLEATS_DRAW_DEPTH": 1,
        "PLEATS_DRAW_ACTIVE": 2, "PLEATS_DRAW_GRADIENT": 3,
        "PLEATS_DRAW_OUTPUT": 4, "PLEATS_DRAW_CLASS": 5},
    "pleats_draw_histogram": {"PLEATS_HISTOGRAM_NONE": 0,
        "PLEATS_HISTOGRAM_AREA": 1, "PLEATS_HISTOGRAM_GRADIENT": 2,
        "PLEATS_HISTOGRAM_SIDES": 3, "PLEATS_HISTOGRAM_ACTIVE": 4,
        "PLEATS_HISTOGRAM_DEPTH": 5},
    "pleats_figure_kind": {"PLEATS_FIGURE_AUTO": 0, "PLEATS_FIGURE_PARAMETERS":
        1, "PLEATS_FIGURE_DEPTH": 2, "PLEATS_FIGURE_FORMULA": 3},
    "pleats_weight_init": {"PLEATS_WEIGHTS_TORCH": 0,
        "PLEATS_WEIGHTS_HE_NORMAL": 1, "PLEATS_WEIGHTS_HE_UNIFORM": 2,
        "PLEATS_WEIGHTS_XAVIER_NORMAL": 3, "PLEATS_WEIGHTS_XAVIER_UNIFORM": 4},
    "pleats_bias_init": {"PLEATS_BIAS_TORCH": 0, "PLEATS_BIAS_ZERO": 1,
        "PLEATS_BIAS_NORMAL": 2},
    "pleats_construction": {"PLEATS_FOLDS_MONTUFAR": 0, "PLEATS_FOLDS_SERRA":
        1, "PLEATS_FOLDS_XIONG": 2},
    "pleats_verdict": {"PLEATS_PROPERTY_OPEN": 0, "PLEATS_PROPERTY_HOLDS": 1,
        "PLEATS_PROPERTY_VIOLATED": 2},
    "pleats_sample_source": {"PLEATS_SAMPLE_UNIFORM": 0,
        "PLEATS_SAMPLE_SEQUENCE": 1, "PLEATS_SAMPLE_GAUSSIAN": 2,
        "PLEATS_SAMPLE_ROWS": 3},
    "pleats_unit_state": {"PLEATS_UNIT_OFF": 0, "PLEATS_UNIT_ON": 1,
        "PLEATS_UNIT_CHANGES": 2, "PLEATS_UNIT_UNDECIDED": 3},
    "pleats_stable_effort": {"PLEATS_STABLE_USUAL": 0,
        "PLEATS_STABLE_BY_INTERVALS": 1, "PLEATS_STABLE_BY_FORMS": 2,
        "PLEATS_STABLE_BY_PROGRAMMES": 3, "PLEATS_STABLE_EXACT": 4},
}

FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "pleats_bounds_of": (c_uint, (P(pleats_ctx), P(pleats_spec),
        P(pleats_bounds_options), P(pleats_limits), P(pleats_bounds_result))),
    "pleats_bounds_on_box": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_limits), P(pleats_bounds_result))),
    "pleats_bounds_result_clear": (None, (P(pleats_ctx),
        P(pleats_bounds_result))),
    "pleats_cells_format_of": (c_uint, (T,)),
    "pleats_cells_join": (c_uint, (P(pleats_ctx), c_size_t, P(T),
        P(pleats_output), P(c_uint64))),
    "pleats_cells_result_clear": (None, (P(pleats_ctx),
        P(pleats_cells_result))),
    "pleats_cells_save": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_cells_options), P(pleats_limits),
        P(pleats_output), P(pleats_cells_result))),
    "pleats_certificate_commit": (c_uint, (P(pleats_ctx),
        P(pleats_certificate))),
    "pleats_certificate_free": (None, (P(pleats_ctx), P(pleats_certificate))),
    "pleats_certificate_is_done": (c_bool, (P(pleats_certificate),)),
    "pleats_certificate_new": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_certificate_options), P(pleats_limits), T,
        P(P(pleats_certificate)))),
    "pleats_certificate_part": (None, (P(pleats_certificate), P(c_uint64),
        P(c_uint64))),
    "pleats_certificate_result_clear": (None, (P(pleats_ctx),
        P(pleats_certificate_result))),
    "pleats_certificate_resume": (c_uint, (P(pleats_ctx),
        P(pleats_certificate), T)),
    "pleats_certificate_run": (c_uint, (P(pleats_ctx), P(pleats_certificate),
        P(pleats_limits))),
    "pleats_certificate_save": (c_uint, (P(pleats_ctx), P(pleats_certificate),
        T)),
    "pleats_certificate_share": (c_double, (P(pleats_certificate),)),
    "pleats_certificate_tell": (c_uint, (P(pleats_ctx), P(pleats_certificate),
        P(pleats_certificate_result))),
    "pleats_certificate_write": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_certificate_options), P(pleats_limits),
        P(pleats_output), P(pleats_certificate_result))),
    "pleats_complex": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_complex_options), P(pleats_limits),
        P(pleats_complex_result))),
    "pleats_complex_result_clear": (None, (P(pleats_ctx),
        P(pleats_complex_result))),
    "pleats_count": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_count_options), P(pleats_limits), P(pleats_count_result))),
    "pleats_count_one_layer": (c_uint, (P(pleats_ctx), P(pleats_spec),
        P(pleats_one_layer_options), P(pleats_limits),
        P(pleats_one_layer_result))),
    "pleats_count_result_clear": (None, (P(pleats_ctx),
        P(pleats_count_result))),
    "pleats_ctx_cancel": (None, (P(pleats_ctx),)),
    "pleats_ctx_free": (None, (P(pleats_ctx),)),
    "pleats_ctx_limit": (c_uint, (P(pleats_ctx),)),
    "pleats_ctx_live_bytes": (c_size_t, (P(pleats_ctx),)),
    "pleats_ctx_message": (T, (P(pleats_ctx),)),
    "pleats_ctx_n_remarks": (c_size_t, (P(pleats_ctx),)),
    "pleats_ctx_new": (c_uint, (P(pleats_allocator), P(P(pleats_ctx)))),
    "pleats_ctx_peak_bytes": (c_size_t, (P(pleats_ctx),)),
    "pleats_ctx_remark": (T, (P(pleats_ctx), c_size_t)),
    "pleats_ctx_resume": (None, (P(pleats_ctx),)),
    "pleats_ctx_set_memory_limit": (None, (P(pleats_ctx), c_size_t)),
    "pleats_ctx_set_time_limit": (None, (P(pleats_ctx), c_double)),
    "pleats_density": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_rows),
        P(pleats_density_options), P(pleats_limits),
        P(pleats_density_result))),
    "pleats_density_result_clear": (None, (P(pleats_ctx),
        P(pleats_density_result))),
    "pleats_domain_all": (c_uint, (P(pleats_ctx), c_int32,
        P(P(pleats_domain)))),
    "pleats_domain_axes": (c_uint, (P(pleats_ctx), P(pleats_rows), c_int64,
        c_int32, P(c_int32), T, T, P(P(pleats_domain)))),
    "pleats_domain_ball": (c_uint, (P(pleats_ctx), c_int32, pleats_values, T,
        P(P(pleats_domain)))),
    "pleats_domain_ball_in": (c_uint, (P(pleats_ctx), c_int32, pleats_values,
        T, c_uint, P(P(pleats_domain)))),
    "pleats_domain_box": (c_uint, (P(pleats_ctx), c_int32, pleats_values,
        pleats_values, P(P(pleats_domain)))),
    "pleats_domain_box_file": (c_uint, (P(pleats_ctx), c_int32, T,
        P(P(pleats_domain)))),
    "pleats_domain_cube": (c_uint, (P(pleats_ctx), c_int32, T, T,
        P(P(pleats_domain)))),
    "pleats_domain_free": (None, (P(pleats_ctx), P(pleats_domain))),
    "pleats_domain_line_file": (c_uint, (P(pleats_ctx), c_int32, T,
        P(P(pleats_domain)))),
    "pleats_domain_n_inputs": (c_int32, (P(pleats_domain),)),
    "pleats_domain_plane_file": (c_uint, (P(pleats_ctx), c_int32, T,
        P(P(pleats_domain)))),
    "pleats_domain_polytope": (c_uint, (P(pleats_ctx), c_int32, c_int32,
        pleats_values, pleats_values, P(P(pleats_domain)))),
    "pleats_domain_polytope_file": (c_uint, (P(pleats_ctx), c_int32, T,
        P(P(pleats_domain)))),
    "pleats_domain_row_ball": (c_uint, (P(pleats_ctx), P(pleats_rows), c_int64,
        T, P(P(pleats_domain)))),
    "pleats_domain_row_ball_in": (c_uint, (P(pleats_ctx), P(pleats_rows),
        c_int64, T, c_uint, P(P(pleats_domain)))),
    "pleats_domain_rows": (c_uint, (P(pleats_ctx), P(pleats_rows), c_int32,
        P(c_int64), T, T, P(P(pleats_domain)))),
    "pleats_domain_slice": (c_uint, (P(pleats_ctx), c_int32, c_int32,
        pleats_values, pleats_values, pleats_values, pleats_values,
        P(P(pleats_domain)))),
    "pleats_domain_text": (T, (P(pleats_domain),)),
    "pleats_domain_union": (c_uint, (P(pleats_ctx), c_int32,
        P(P(pleats_domain)), P(P(pleats_domain)))),
    "pleats_domain_vnnlib_file": (c_uint, (P(pleats_ctx), c_int32, T,
        P(P(pleats_domain)))),
    "pleats_draw": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_draw_options), P(pleats_limits), T, P(pleats_draw_result))),
    "pleats_draw_figure": (c_uint, (P(pleats_ctx), c_int32, P(T),
        P(pleats_figure_options), P(pleats_output), P(pleats_figure_result))),
    "pleats_draw_result_clear": (None, (P(pleats_ctx), P(pleats_draw_result))),
    "pleats_draw_strip": (c_uint, (P(pleats_ctx), c_int32, P(P(pleats_net)),
        P(T), P(pleats_domain), P(pleats_draw_options), P(pleats_limits),
        P(pleats_output), P(pleats_draw_result))),
    "pleats_estimate_count": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_estimate_options), P(pleats_limits),
        P(pleats_estimate_result))),
    "pleats_estimate_result_clear": (None, (P(pleats_ctx),
        P(pleats_estimate_result))),
    "pleats_hull_result_clear": (None, (P(pleats_ctx), P(pleats_hull_result))),
    "pleats_hull_units": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_rows), P(pleats_hull_options), P(pleats_limits),
        P(pleats_hull_result))),
    "pleats_label_text": (T, (c_uint,)),
    "pleats_lipschitz_find": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_lipschitz_options), P(pleats_limits),
        P(pleats_lipschitz_result))),
    "pleats_lipschitz_result_clear": (None, (P(pleats_ctx),
        P(pleats_lipschitz_result))),
    "pleats_local_at": (c_uint, (P(pleats_ctx), P(pleats_local), P(c_double),
        P(pleats_local_options), P(pleats_limits), P(pleats_local_result))),
    "pleats_local_free": (None, (P(pleats_ctx), P(pleats_local))),
    "pleats_local_new": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(P(pleats_local)))),
    "pleats_local_result_clear": (None, (P(pleats_ctx),
        P(pleats_local_result))),
    "pleats_local_walk": (c_uint, (P(pleats_ctx), P(pleats_local), P(c_double),
        P(pleats_limits), P(pleats_walk_result))),
    "pleats_local_write_map": (c_uint, (P(pleats_ctx), P(pleats_local_result),
        P(pleats_output))),
    "pleats_mean_regions": (c_uint, (P(pleats_ctx), P(pleats_spec),
        P(pleats_domain), P(pleats_mean_options), P(pleats_limits),
        P(pleats_mean_result))),
    "pleats_mean_result_clear": (None, (P(pleats_ctx), P(pleats_mean_result))),
    "pleats_merge_counts": (c_uint, (P(pleats_ctx), c_size_t, P(T),
        P(pleats_limits), P(pleats_merge_result))),
    "pleats_merge_result_clear": (None, (P(pleats_ctx),
        P(pleats_merge_result))),
    "pleats_net_construct": (c_uint, (P(pleats_ctx), P(pleats_spec), c_uint,
        c_uint64, P(P(pleats_net)))),
    "pleats_net_eval": (c_uint, (P(pleats_ctx), P(pleats_net), P(c_double),
        P(c_double), P(c_int32))),
    "pleats_net_folds": (c_uint, (P(pleats_ctx), P(pleats_spec), c_uint64,
        P(P(pleats_net)))),
    "pleats_net_free": (None, (P(pleats_ctx), P(pleats_net))),
    "pleats_net_from_arrays": (c_uint, (P(pleats_ctx), c_int32, P(c_int64),
        c_int32, P(pleats_layer_arrays), c_size_t, P(P(pleats_net)))),
    "pleats_net_from_bytes": (c_uint, (P(pleats_ctx), V, c_size_t, T,
        P(pleats_load_options), P(P(pleats_net)))),
    "pleats_net_input_tensor": (pleats_layer, (P(pleats_net), c_int32,
        P(c_int32))),
    "pleats_net_layer": (pleats_layer, (P(pleats_net), c_int32)),
    "pleats_net_load": (c_uint, (P(pleats_ctx), T, P(pleats_load_options),
        P(P(pleats_net)))),
    "pleats_net_n_input_tensors": (c_int32, (P(pleats_net),)),
    "pleats_net_n_inputs": (c_int32, (P(pleats_net),)),
    "pleats_net_n_layers": (c_int32, (P(pleats_net),)),
    "pleats_net_n_outputs": (c_int32, (P(pleats_net),)),
    "pleats_net_n_rounded": (c_int64, (P(pleats_net),)),
    "pleats_net_n_units": (c_int32, (P(pleats_net),)),
    "pleats_net_random": (c_uint, (P(pleats_ctx), P(pleats_spec),
        P(pleats_init), P(P(pleats_net)))),
    "pleats_net_save": (c_uint, (P(pleats_ctx), P(pleats_net), T)),
    "pleats_net_sha256": (T, (P(pleats_net),)),
    "pleats_net_unit_pieces": (c_int32, (P(pleats_net), c_int32)),
    "pleats_net_write": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_output), P(P(pleats_net)))),
    "pleats_norm_text": (T, (c_uint,)),
    "pleats_one_layer_result_clear": (None, (P(pleats_ctx),
        P(pleats_one_layer_result))),
    "pleats_output_commit": (c_uint, (P(pleats_ctx), P(pleats_output))),
    "pleats_output_free": (None, (P(pleats_ctx), P(pleats_output))),
    "pleats_output_is_stream": (c_bool, (P(pleats_output),)),
    "pleats_output_open": (c_uint, (P(pleats_ctx), T, P(P(pleats_output)))),
    "pleats_output_open_kept": (c_uint, (P(pleats_ctx), T,
        P(P(pleats_output)))),
    "pleats_output_path": (T, (P(pleats_output),)),
    "pleats_output_write": (c_uint, (P(pleats_ctx), P(pleats_output), V,
        c_size_t)),
    "pleats_path_is_stdout": (c_bool, (T,)),
    "pleats_pattern_bytes": (c_int32, (P(pleats_net),)),
    "pleats_pattern_unpack": (None, (P(pleats_net), P(c_ubyte), P(c_int32))),
    "pleats_plain": (None, (T, T, c_size_t)),
    "pleats_plain_next": (c_size_t, (T, c_size_t, P(c_char), P(c_size_t))),
    "pleats_plane_cells": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_plane_options), P(pleats_limits),
        P(pleats_plane_result))),
    "pleats_plane_result_clear": (None, (P(pleats_ctx),
        P(pleats_plane_result))),
    "pleats_property_check": (c_uint, (P(pleats_ctx), P(pleats_net), T,
        P(pleats_limits), P(pleats_property_result))),
    "pleats_property_result_clear": (None, (P(pleats_ctx),
        P(pleats_property_result))),
    "pleats_range_find": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_range_options), P(pleats_limits),
        P(pleats_range_result))),
    "pleats_range_result_clear": (None, (P(pleats_ctx),
        P(pleats_range_result))),
    "pleats_record_add_text": (c_uint, (P(pleats_ctx), P(pleats_record), T,
        c_size_t)),
    "pleats_record_ask": (None, (P(pleats_record), c_uint64, c_uint64)),
    "pleats_record_clear": (None, (P(pleats_ctx), P(pleats_record))),
    "pleats_record_free": (None, (P(pleats_ctx), P(pleats_record))),
    "pleats_record_has": (c_bool, (P(pleats_record), c_uint64)),
    "pleats_record_is_used": (c_bool, (P(pleats_record),)),
    "pleats_record_keep": (c_uint, (P(pleats_ctx), P(pleats_record), T,
        c_double, P(c_int))),
    "pleats_record_key": (c_uint, (P(pleats_ctx), P(pleats_record),
        P(c_char))),
    "pleats_record_n": (c_uint64, (P(pleats_record),)),
    "pleats_record_new": (c_uint, (P(pleats_ctx), P(P(pleats_record)))),
    "pleats_record_read": (c_uint, (P(pleats_ctx), P(pleats_record), T)),
    "pleats_record_save": (c_uint, (P(pleats_ctx), P(pleats_record), P(T),
        P(c_size_t))),
    "pleats_record_text_free": (None, (P(pleats_ctx), T)),
    "pleats_record_write": (c_uint, (P(pleats_ctx), P(pleats_record), T)),
    "pleats_regions": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_regions_options), P(pleats_limits), pleats_region_batch_fn, V,
        P(pleats_regions_result))),
    "pleats_regions_result_clear": (None, (P(pleats_ctx),
        P(pleats_regions_result))),
    "pleats_rows_count": (c_int64, (P(pleats_rows),)),
    "pleats_rows_free": (None, (P(pleats_ctx), P(pleats_rows))),
    "pleats_rows_from_array": (c_uint, (P(pleats_ctx), c_int64, c_int32,
        P(c_double), T, P(P(pleats_rows)))),
    "pleats_rows_read": (c_uint, (P(pleats_ctx), T, c_int32,
        P(P(pleats_rows)))),
    "pleats_rows_row": (P(c_double), (P(pleats_rows), c_int64)),
    "pleats_sample": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_sample_options), P(pleats_limits), P(pleats_sample_result))),
    "pleats_search": (c_uint, (P(pleats_ctx), P(pleats_spec),
        P(pleats_search_options), P(pleats_limits), P(pleats_search_result))),
    "pleats_search_result_clear": (None, (P(pleats_ctx),
        P(pleats_search_result))),
    "pleats_search_write": (c_uint, (P(pleats_ctx), P(pleats_search_result),
        P(pleats_output))),
    "pleats_set_text": (T, (c_uint,)),
    "pleats_spec_depth": (c_int32, (P(pleats_spec),)),
    "pleats_spec_free": (None, (P(pleats_ctx), P(pleats_spec))),
    "pleats_spec_is_chain": (c_bool, (P(pleats_spec),)),
    "pleats_spec_is_relu": (c_bool, (P(pleats_spec),)),
    "pleats_spec_match_fc": (c_uint, (P(pleats_ctx), P(pleats_spec), c_int32,
        P(P(pleats_spec)))),
    "pleats_spec_maxout_rank": (c_int64, (P(pleats_spec),)),
    "pleats_spec_n_inputs": (c_int64, (P(pleats_spec),)),
    "pleats_spec_n_outputs": (c_int64, (P(pleats_spec),)),
    "pleats_spec_n_parameters": (c_int64, (P(pleats_spec),)),
    "pleats_spec_n_unit_layers": (c_int32, (P(pleats_spec),)),
    "pleats_spec_n_units": (c_int64, (P(pleats_spec),)),
    "pleats_spec_of_net": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(P(pleats_spec)))),
    "pleats_spec_or_net": (c_uint, (P(pleats_ctx), T, P(pleats_load_options),
        P(P(pleats_spec)), P(P(pleats_net)))),
    "pleats_spec_parse": (c_uint, (P(pleats_ctx), T, P(P(pleats_spec)))),
    "pleats_spec_read": (c_uint, (P(pleats_ctx), T, P(P(pleats_spec)))),
    "pleats_spec_scaled": (c_uint, (P(pleats_ctx), P(pleats_spec), c_int64,
        P(P(pleats_spec)))),
    "pleats_spec_text": (T, (P(pleats_spec),)),
    "pleats_spec_with_depth": (c_uint, (P(pleats_ctx), P(pleats_spec), c_int32,
        c_int64, P(P(pleats_spec)))),
    "pleats_stable_result_clear": (None, (P(pleats_ctx),
        P(pleats_stable_result))),
    "pleats_stable_units": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_stable_options), P(pleats_limits),
        P(pleats_stable_result))),
    "pleats_status_text": (T, (c_uint,)),
    "pleats_stop_text": (T, (c_uint,)),
    "pleats_survey": (c_uint, (P(pleats_ctx), P(pleats_net), P(pleats_domain),
        P(pleats_survey_options), P(pleats_limits), P(pleats_survey_result))),
    "pleats_survey_draw": (c_uint, (P(pleats_ctx), P(pleats_survey_result),
        P(pleats_survey_figure_options), P(pleats_output))),
    "pleats_survey_result_clear": (None, (P(pleats_ctx),
        P(pleats_survey_result))),
    "pleats_verdict_text": (T, (c_uint,)),
    "pleats_version": (T, ()),
    "pleats_walk_result_clear": (None, (P(pleats_ctx), P(pleats_walk_result))),
    "pleats_work_add_text": (c_uint, (P(pleats_ctx), P(pleats_work), T,
        c_size_t)),
    "pleats_work_clear": (None, (P(pleats_work),)),
    "pleats_work_free": (None, (P(pleats_ctx), P(pleats_work))),
    "pleats_work_give": (c_uint, (P(pleats_ctx), P(pleats_work), c_size_t,
        P(T), P(c_size_t))),
    "pleats_work_is_done": (c_bool, (P(pleats_work),)),
    "pleats_work_key": (c_uint, (P(pleats_ctx), P(pleats_work), P(c_char))),
    "pleats_work_n_tasks": (c_size_t, (P(pleats_work),)),
    "pleats_work_new": (c_uint, (P(pleats_ctx), P(pleats_net),
        P(pleats_domain), P(pleats_count_options), P(pleats_limits),
        P(P(pleats_work)))),
    "pleats_work_part": (None, (P(pleats_work), P(c_uint64), P(c_uint64))),
    "pleats_work_read": (c_uint, (P(pleats_ctx), P(pleats_work), T)),
    "pleats_work_result": (c_uint, (P(pleats_ctx), P(pleats_work),
        P(pleats_count_result))),
    "pleats_work_run": (c_uint, (P(pleats_ctx), P(pleats_work),
        P(pleats_limits))),
    "pleats_work_save": (c_uint, (P(pleats_ctx), P(pleats_work), P(T),
        P(c_size_t))),
    "pleats_work_shard": (c_uint, (P(pleats_ctx), P(pleats_work), c_uint64,
        c_uint64, P(pleats_limits))),
    "pleats_work_share": (c_double, (P(pleats_work),)),
    "pleats_work_text_free": (None, (P(pleats_ctx), T)),
    "pleats_work_write": (c_uint, (P(pleats_ctx), P(pleats_work), T)),
    "pleats_work_write_maps": (c_uint, (P(pleats_ctx), P(pleats_work),
        P(pleats_output), P(pleats_limits))),
}
