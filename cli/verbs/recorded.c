#include "verbs/recorded.h"

#include "signals.h"

pleats_status recorded_begin(const session *s, const checkpoint_options *o,
                             pleats_record **out)
{
    pleats_status status = PLEATS_OK;
    *out = NULL;
    if (!o->checkpoint && !o->resume)
        return PLEATS_OK;
    status = pleats_record_new(s->ctx, out);
    if (status == PLEATS_OK && o->resume)
        status = pleats_record_read(s->ctx, *out, o->resume);
    if (status == PLEATS_OK && o->checkpoint)
        status = pleats_record_keep(s->ctx, *out, o->checkpoint, o->every,
                                    checkpoint_on_signal());
    return status;
}

pleats_status recorded_end(const session *s, const checkpoint_options *o,
                           pleats_record *record, pleats_status status)
{
    pleats_status written = PLEATS_OK;
    if (record && o->checkpoint && pleats_record_is_used(record) &&
        (status == PLEATS_OK || status == PLEATS_LIMIT))
        written = pleats_record_write(s->ctx, record, o->checkpoint);
    pleats_record_free(s->ctx, record);
    return written == PLEATS_OK ? status : written;
}

int recorded_finish(session *s, const checkpoint_options *o,
                    pleats_status status)
{
    if (status != PLEATS_INVALID || !o->resume)
        return session_finish(s, status);
    release_signals();
    return session_fail(s, status);
}
