/* Interrupts end long work with a partial result. */
#include "signals.h"

#include <signal.h>
#include <stdatomic.h>

static _Atomic(pleats_ctx *) running;

static void cancel(int number)
{
    pleats_ctx *ctx = atomic_load(&running);
    (void)number;
    if (ctx)
        pleats_ctx_cancel(ctx);
}

void cancel_on_signals(pleats_ctx *ctx)
{
    struct sigaction action = {.sa_handler = cancel,
                               .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    atomic_store(&running, ctx);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int is_wanted; /* atomic */

static void want_checkpoint(int number)
{
    (void)number;
    __atomic_store_n(&is_wanted, 1, __ATOMIC_RELAXED);
}

int *checkpoint_on_signal(void)
{
    struct sigaction action = {.sa_handler = want_checkpoint,
                               .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    return &is_wanted;
}

bool checkpoint_take(void)
{
    return __atomic_exchange_n(&is_wanted, 0, __ATOMIC_RELAXED) != 0;
}

void release_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    atomic_store(&running, NULL);
}

void ignore_closed_pipes(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
}
