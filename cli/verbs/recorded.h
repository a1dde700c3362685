/* Verbs made of trials, of which a file has what came of them. */
#ifndef PLEATS_CLI_VERBS_RECORDED_H
#define PLEATS_CLI_VERBS_RECORDED_H

#include "options/checkpoint_options.h"
#include "session.h"

#include "pleats/record.h"

/* Makes the record that the options ask for, with what its file says; NULL
 * where they ask for none.  From then on SIGUSR1 asks for a checkpoint. */
pleats_status recorded_begin(const session *s,
                             const checkpoint_options *options,
                             pleats_record **out);

/* Writes it for the last time, unless the call that had it failed, and frees
 * it.  Returns the status of both. */
pleats_status recorded_end(const session *s, const checkpoint_options *options,
                           pleats_record *record, pleats_status status);

/* As session_finish: what does not fit a file to go on from is a refused file,
 * and no wrong spec. */
int recorded_finish(session *s, const checkpoint_options *options,
                    pleats_status status);

#endif
