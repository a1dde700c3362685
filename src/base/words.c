/* Codes in words. */
#include "pleats/limits.h"
#include "pleats/status.h"
#include "pleats/version.h"

const char *pleats_version(void)
{
    return PLEATS_VERSION;
}

const char *pleats_status_text(pleats_status status)
{
    switch (status) {
    case PLEATS_OK:
        return "done";
    case PLEATS_INVALID:
        return "invalid input";
    case PLEATS_LIMIT:
        return "stopped by a limit";
    case PLEATS_UNDECIDED:
        return "undecided";
    case PLEATS_NOMEM:
        return "out of memory";
    case PLEATS_INTERNAL:
        return "a defect in pleats";
    case PLEATS_IO:
        return "a file cannot be written";
    }
    return "unknown status";
}

const char *pleats_label_text(pleats_label label)
{
    switch (label) {
    case PLEATS_NO_LABEL:
        break;
    case PLEATS_EXACT:
        return "exact";
    case PLEATS_PROBABLE:
        return "probable";
    case PLEATS_LOWER:
        return "lower";
    case PLEATS_UPPER:
        return "upper";
    case PLEATS_ESTIMATE:
        return "estimate";
    }
    return NULL;
}

const char *pleats_stop_text(pleats_stop stop)
{
    switch (stop) {
    case PLEATS_STOP_NONE:
        break;
    case PLEATS_STOP_TIME:
        return "time limit";
    case PLEATS_STOP_CANCEL:
        return "interrupt";
    case PLEATS_STOP_MEMORY:
        return "memory limit";
    case PLEATS_STOP_CELLS:
        return "cell limit";
    case PLEATS_STOP_VISITOR:
        return "visitor";
    case PLEATS_STOP_SWEEPS:
        return "sweep limit";
    case PLEATS_STOP_UNDECIDED:
        return "undecided half-spaces";
    }
    return NULL;
}
