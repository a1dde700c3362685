/* Interrupts end long work with a partial result. */
#ifndef PLEATS_CLI_SIGNALS_H
#define PLEATS_CLI_SIGNALS_H

#include "pleats/context.h"

#include <stdbool.h>

/* From now on the first SIGINT or SIGTERM cancels the context's work, and wakes
 * it where it waits for a file; a second one ends the program.  `ctx` must live
 * until release_signals. */
void cancel_on_signals(pleats_ctx *ctx);
void release_signals(void);

/* From now on SIGUSR1 sets the flag that is returned (pleats_limits.cancel) ...
 */
int *checkpoint_on_signal(void);
/* ... and this takes it back: whether it was set. */
bool checkpoint_take(void);

/* Writing to a closed pipe becomes an error that check_output reports. */
void ignore_closed_pipes(void);

#endif
