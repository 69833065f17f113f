/* Dates and durations. What depends on the clock is a hole: now, and a date of all but an int, an int64 or a time. A
 * date is written where the machine stands, as Helm does it. */
#include <math.h>

#include "template/eval/fn_help.h"
#include "template/go/date.h"
#include "template/go/number.h"
#include "template/go/unicode.h"

static const struct go_type TIME = {.kind = GO_STRUCT, .name = STR_INIT("time.Time")};

static bool give_unknown(struct go_call *call, const struct go_type *type, int truth) {
    return go_give(call, go_hole_value(call->env, type, str_from(call->function->name), truth, -1));
}

static bool fn_now(struct go_call *call) {
    return give_unknown(call, &TIME, 1);
}

/* `when` in `zone`, as `layout` says. */
static bool give_date(struct go_call *call, const struct go_value *layout, const struct go_value *when,
                      const struct go_value *zone) {
    struct arena *a = call->env->arena;
    const struct go_hole *hole = layout ? fn_hole(call, layout) : NULL;
    bool number = when->type == &GO_TYPE_INT || when->type == &GO_TYPE_INT64 || when->type == &GO_TYPE_INT32;
    bool local = !zone || str_eq(zone->text, STR("Local"));
    bool utc = zone && (zone->text.len == 0 || str_eq(zone->text, STR("UTC")));
    struct str text = layout ? layout->text : STR("2006-01-02");
    if (text.len == 0 && !hole) return fn_give_text(call, STR(""));
    if (hole || !number || (!local && !utc)) return give_unknown(call, &GO_TYPE_STRING, 1);
    struct go_time time = local ? go_time_local(a, when->integer) : go_time_utc(when->integer);
    struct buf out = buf_in(a);
    go_time_format(&out, &time, text);
    return fn_give_buf(call, &out);
}

static bool fn_date(struct go_call *call) {
    return give_date(call, &call->args[0], &call->args[1], NULL);
}

static bool fn_date_in_zone(struct go_call *call) {
    return give_date(call, &call->args[0], &call->args[1], &call->args[2]);
}

static bool fn_html_date(struct go_call *call) {
    return give_date(call, NULL, &call->args[0], NULL);
}

static bool fn_html_date_in_zone(struct go_call *call) {
    return give_date(call, NULL, &call->args[0], &call->args[1]);
}

/* Times themselves are not followed. */
static bool fn_unknown_time(struct go_call *call) {
    return give_unknown(call, &TIME, 1);
}

static bool fn_unknown_text(struct go_call *call) {
    return give_unknown(call, &GO_TYPE_STRING, 1);
}

static bool give_duration_text(struct go_call *call, int64_t duration) {
    struct buf out = buf_in(call->env->arena);
    go_duration_format(&out, duration);
    return fn_give_buf(call, &out);
}

static bool fn_duration(struct go_call *call) {
    const struct go_value *v = &call->args[0];
    int64_t seconds = 0;
    if (go_kind(v) == GO_STRING) go_parse_int(v->text, 10, &seconds);
    else if (v->type == &GO_TYPE_INT64) seconds = v->integer;
    return give_duration_text(call, (int64_t)((uint64_t)seconds * 1000000000u));
}

/* The largest unit alone: 3d. */
static bool fn_duration_round(struct go_call *call) {
    static const struct {
        uint64_t seconds;
        const char *name;
    } units[] = {{31536000, "y"}, {2592000, "mo"}, {86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
    const struct go_value *v = &call->args[0];
    int64_t duration = 0;
    if (go_kind(v) == GO_STRING) go_duration_parse(v->text, &duration);
    else if (v->type == &GO_TYPE_INT64) duration = v->integer;
    uint64_t size = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t unit = units[i].seconds * 1000000000u;
        if (size <= unit) continue;
        struct str text = arena_printf(call->env->arena, "%llu%s", (unsigned long long)(size / unit), units[i].name);
        return fn_give_text(call, text);
    }
    return fn_give_text(call, STR("0s"));
}

/* ---- Helm 4's own ---- */

static const struct go_function DURATION_METHODS[2];

static const struct go_type DURATION = {
    .kind = GO_INT, .name = STR_INIT("time.Duration"), .named = true, .methods = DURATION_METHODS};

static bool method_string(struct go_call *call) {
    return give_duration_text(call, call->self->integer);
}

static const struct go_function DURATION_METHODS[2] = {{"String", ":s", method_string, 0}, {0}};

#define SECOND 1e9
#define LARGEST 9223372036.854775807 /* in seconds */

static bool from_seconds(double seconds, int64_t *duration, struct str *error, struct arena *a) {
    struct buf text = buf_in(a);
    go_format_float(&text, seconds, 'g', -1);
    if (!isfinite(seconds)) *error = arena_printf(a, "invalid duration seconds: %.*s", STR_ARG(buf_str(&text)));
    else if (seconds > LARGEST || seconds < -LARGEST)
        *error = arena_printf(a, "duration seconds overflow: %.*s", STR_ARG(buf_str(&text)));
    else *duration = (int64_t)(seconds * SECOND);
    return error->len == 0;
}

/* Seconds as a number, or a duration as a text. False with Go's words in *error. */
static bool as_duration(struct go_call *call, const struct go_value *v, int64_t *duration, struct str *error) {
    struct arena *a = call->env->arena;
    double seconds;
    *duration = 0;
    *error = STR("");
    if (v->type == &DURATION) {
        *duration = v->integer;
    } else if (go_kind(v) == GO_STRING) {
        struct str s = go_trim_space(v->text);
        struct buf quoted = buf_in(a);
        go_quote(&quoted, v->text, '"', false);
        if (s.len == 0) *error = STR("empty duration");
        else if (go_duration_parse(s, duration)) return true;
        else if (go_parse_float(s, &seconds) == GO_PARSE_OK) return from_seconds(seconds, duration, error, a);
        else *error = arena_printf(a, "could not parse duration %.*s", STR_ARG(buf_str(&quoted)));
    } else if (go_is_nil(v)) {
        *error = STR("invalid duration");
    } else if (go_kind(v) == GO_INT) {
        if (v->integer > 9223372036 || v->integer < -9223372036)
            *error = arena_printf(a, "duration seconds overflow: %lld", (long long)v->integer);
        else *duration = v->integer * 1000000000;
    } else if (go_kind(v) == GO_UINT) {
        if (v->natural > 9223372036)
            *error = arena_printf(a, "duration seconds overflow: %llu", (unsigned long long)v->natural);
        else *duration = (int64_t)v->natural * 1000000000;
    } else if (go_kind(v) == GO_FLOAT) {
        return from_seconds(v->real, duration, error, a);
    } else {
        *error = arena_printf(a, "unsupported duration type %.*s", STR_ARG(v->type->name));
    }
    return error->len == 0;
}

static struct go_value duration_value(int64_t duration) {
    return (struct go_value){.type = &DURATION, .integer = duration};
}

static bool fn_must_to_duration(struct go_call *call) {
    int64_t duration;
    struct str error;
    if (!as_duration(call, &call->args[0], &duration, &error)) return go_fail(call, "%.*s", STR_ARG(error));
    return go_give(call, duration_value(duration));
}

/* Go's Seconds and its kin: the whole units and the rest apart, which rounds less. */
static bool give_units(struct go_call *call, int64_t unit, double divisor) {
    int64_t duration;
    struct str error;
    if (!as_duration(call, &call->args[0], &duration, &error)) return go_give(call, go_float(0));
    double whole = (double)(duration / unit), rest = (double)(duration % unit) / (double)unit;
    return go_give(call, go_float((whole + rest) / divisor));
}

static bool give_whole_units(struct go_call *call, int64_t unit) {
    int64_t duration;
    struct str error;
    as_duration(call, &call->args[0], &duration, &error);
    return go_give(call, go_int64(error.len ? 0 : duration / unit));
}

static bool fn_seconds(struct go_call *call) {
    return give_units(call, 1000000000, 1);
}

static bool fn_minutes(struct go_call *call) {
    return give_units(call, 60000000000, 1);
}

static bool fn_hours(struct go_call *call) {
    return give_units(call, 3600000000000, 1);
}

static bool fn_days(struct go_call *call) {
    return give_units(call, 3600000000000, 24);
}

static bool fn_weeks(struct go_call *call) {
    if (!give_units(call, 3600000000000, 24)) return false;
    call->result.real /= 7;
    return true;
}

static bool fn_milliseconds(struct go_call *call) {
    return give_whole_units(call, 1000000);
}

static bool fn_microseconds(struct go_call *call) {
    return give_whole_units(call, 1000);
}

static bool fn_nanoseconds(struct go_call *call) {
    return give_whole_units(call, 1);
}

/* To a multiple of the second argument: towards zero, or to the nearest one, halves away from zero. */
static bool to_multiple(struct go_call *call, bool round) {
    int64_t duration, multiple;
    struct str error;
    if (!as_duration(call, &call->args[0], &duration, &error)) return go_give(call, duration_value(0));
    if (!as_duration(call, &call->args[1], &multiple, &error) || multiple <= 0)
        return go_give(call, duration_value(duration));
    int64_t rest = duration % multiple, down = duration - rest;
    if (!round || rest == 0) return go_give(call, duration_value(down));
    uint64_t size = rest < 0 ? 0 - (uint64_t)rest : (uint64_t)rest;
    int64_t rounded = down;
    if (size >= (uint64_t)multiple - size && __builtin_add_overflow(down, rest < 0 ? -multiple : multiple, &rounded))
        rounded = rest < 0 ? INT64_MIN : INT64_MAX;
    return go_give(call, duration_value(rounded));
}

static bool fn_round_to(struct go_call *call) {
    return to_multiple(call, true);
}

static bool fn_truncate_to(struct go_call *call) {
    return to_multiple(call, false);
}

const struct go_function FN_DATE[] = {
    {"ago", "a:s", fn_unknown_text, FN_HOLES},
    {"date", "sa:s", fn_date, FN_HOLES},
    {"dateInZone", "sas:s", fn_date_in_zone, FN_HOLES},
    {"dateModify", "st:t", fn_unknown_time, FN_HOLES},
    {"date_in_zone", "sas:s", fn_date_in_zone, FN_HOLES},
    {"date_modify", "st:t", fn_unknown_time, FN_HOLES},
    {"duration", "a:s", fn_duration, 0},
    {"durationDays", "a:f", fn_days, FN_HELM4},
    {"durationHours", "a:f", fn_hours, FN_HELM4},
    {"durationMicroseconds", "a:I", fn_microseconds, FN_HELM4},
    {"durationMilliseconds", "a:I", fn_milliseconds, FN_HELM4},
    {"durationMinutes", "a:f", fn_minutes, FN_HELM4},
    {"durationNanoseconds", "a:I", fn_nanoseconds, FN_HELM4},
    {"durationRound", "a:s", fn_duration_round, 0},
    {"durationRoundTo", "aa:a", fn_round_to, FN_HELM4},
    {"durationSeconds", "a:f", fn_seconds, FN_HELM4},
    {"durationTruncateTo", "aa:a", fn_truncate_to, FN_HELM4},
    {"durationWeeks", "a:f", fn_weeks, FN_HELM4},
    {"htmlDate", "a:s", fn_html_date, FN_HOLES},
    {"htmlDateInZone", "as:s", fn_html_date_in_zone, FN_HOLES},
    {"mustDateModify", "st:t", fn_unknown_time, FN_HOLES},
    {"mustToDate", "ss:t", fn_unknown_time, FN_HOLES},
    {"mustToDuration", "a:a", fn_must_to_duration, FN_HELM4},
    {"must_date_modify", "st:t", fn_unknown_time, FN_HOLES},
    {"now", ":t", fn_now, 0},
    {"toDate", "ss:t", fn_unknown_time, FN_HOLES},
    {"unixEpoch", "t:s", fn_unknown_text, FN_HOLES},
    {0},
};
