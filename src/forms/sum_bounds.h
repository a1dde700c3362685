/* Bounds of forms from those of sums, one for each lane.  Included by sources
 * alone, once for each kind of vector (base/kind.h). */

/* From the sums' errors and the sizes of their entries. */
PLEATS_WITHIN void KIND(find_bounds)(bool has_tiny, double gamma,
                                     const VECTOR *errors, const VECTOR *size,
                                     double *bound)
{
    const VECTOR off = *errors;
    const VECTOR all = (off + gamma * *size) * (1 + 0x1p-20) + 0x1p-960;
    const BITS is_zero = (off == 0) & -(int64_t)!has_tiny;
    *(BITS *)bound = (BITS)all & ~is_zero;
}
