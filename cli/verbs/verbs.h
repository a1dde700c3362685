/* The verbs of the program.  Each gets its own arguments, argv[0] being
 * "pleats VERB", and returns the exit code. */
#ifndef PLEATS_CLI_VERBS_VERBS_H
#define PLEATS_CLI_VERBS_VERBS_H

int verb_info(int argc, char **argv);
int verb_eval(int argc, char **argv);
int verb_count(int argc, char **argv);
int verb_cells(int argc, char **argv);
int verb_survey(int argc, char **argv);
int verb_complex(int argc, char **argv);
int verb_merge(int argc, char **argv);
int verb_estimate(int argc, char **argv);
int verb_sample(int argc, char **argv);
int verb_local(int argc, char **argv);
int verb_walk(int argc, char **argv);
int verb_layer(int argc, char **argv);
int verb_bound(int argc, char **argv);
int verb_compare(int argc, char **argv);
int verb_make(int argc, char **argv);
int verb_lipschitz(int argc, char **argv);
int verb_range(int argc, char **argv);
int verb_search(int argc, char **argv);
int verb_mean(int argc, char **argv);
int verb_stable(int argc, char **argv);
int verb_density(int argc, char **argv);
int verb_draw(int argc, char **argv);
int verb_plot(int argc, char **argv);

#endif
