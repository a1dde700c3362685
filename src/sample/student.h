/* Student's distribution, for intervals of means. */
#ifndef PLEATS_SAMPLE_STUDENT_H
#define PLEATS_SAMPLE_STUDENT_H

/* The t with P(|T| < t) = level, in (0, 1), for a whole number of degrees of
 * freedom, at least 1. */
double pleats_student_quantile(double level, unsigned freedom);

#endif
