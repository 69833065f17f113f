/* timestamp(), duration() and what can be asked of them. */
#include "cel/calendar.h"
#include "cel/eval.h"

static void run_timestamp(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_time time;
    if (args[0].kind == CEL_TIMESTAMP) {
        *out = args[0];
    } else if (args[0].kind == CEL_INT) {
        if (time_make(CEL_TIMESTAMP, (int128)args[0].integer * NANOS_PER_SECOND, &time))
            set_time(out, CEL_TIMESTAMP, time);
        else cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("a timestamp is of the years 1 to 9999"));
    } else if (timestamp_parse(args[0].string, &time)) {
        set_time(out, CEL_TIMESTAMP, time);
    } else {
        cel_eval_failf(e, out, "`%.*s` is no timestamp such as 2024-01-31T23:59:59Z",
                       STR_ARG(str_slice(args[0].string, 0, 60)));
    }
}

static void run_duration(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_time time;
    if (args[0].kind == CEL_DURATION) *out = args[0];
    else if (duration_parse(args[0].string, &time)) set_time(out, CEL_DURATION, time);
    else
        cel_eval_failf(e, out, "`%.*s` is no duration such as 1h30m or 1.5s, or is out of range",
                       STR_ARG(str_slice(args[0].string, 0, 60)));
}

/* The date of args[0] in the zone that args[1] may name; false where `out` is an error. */
static bool date_of(struct cel_eval *e, const struct cel_value *args, bool zoned, struct calendar *date,
                    struct cel_value *out) {
    int offset = 0;
    if (zoned && !zone_offset(args[1].string, args[0].time.seconds, &offset)) {
        cel_eval_failf(e, out, "unknown time zone `%.*s`", STR_ARG(str_slice(args[1].string, 0, 60)));
        return false;
    }
    *date = calendar_of(args[0].time.seconds + offset);
    return true;
}

/* Accessors come in two forms, with and without a zone. */
#define DATE_ACCESSOR(name, value)                                                                                     \
    static void run_##name(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {                  \
        struct calendar date;                                                                                          \
        if (date_of(e, args, false, &date, out)) set_int(out, (value));                                                \
    }                                                                                                                  \
    static void run_##name##_zone(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {           \
        struct calendar date;                                                                                          \
        if (date_of(e, args, true, &date, out)) set_int(out, (value));                                                 \
    }

DATE_ACCESSOR(year, date.year)
DATE_ACCESSOR(month, date.month - 1)
DATE_ACCESSOR(date, date.day)
DATE_ACCESSOR(day_of_month, date.day - 1)
DATE_ACCESSOR(weekday, date.weekday)
DATE_ACCESSOR(day_of_year, date.day_of_year)
DATE_ACCESSOR(hours, date.hour)
DATE_ACCESSOR(minutes, date.minute)
DATE_ACCESSOR(seconds, date.second)

static void run_milliseconds(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    if (args[0].kind == CEL_DURATION) set_int(out, (int64_t)(time_nanos(args[0].time) % NANOS_PER_SECOND / 1000000));
    else set_int(out, args[0].time.nanos / 1000000);
}

/* All of a duration in whole units. */
#define DURATION_ACCESSOR(name, unit)                                                                                  \
    static void run_##name(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {                  \
        (void)e;                                                                                                       \
        set_int(out, (int64_t)(time_nanos(args[0].time) / NANOS_PER_SECOND / (unit)));                                 \
    }

DURATION_ACCESSOR(duration_hours, 3600)
DURATION_ACCESSOR(duration_minutes, 60)
DURATION_ACCESSOR(duration_seconds, 1)

#define ACCESSOR(text, name)                                                                                           \
    {STR_INIT(text), true, 1, {KIND(CEL_TIMESTAMP)}, CEL_INT, run_##name}, {                                           \
        STR_INIT(text), true, 2, {KIND(CEL_TIMESTAMP), KIND(CEL_STRING)}, CEL_INT, run_##name##_zone                   \
    }

static const struct cel_function functions[] = {
    {STR_INIT("timestamp"),
     false,
     1,
     {KIND(CEL_TIMESTAMP) | KIND(CEL_INT) | KIND(CEL_STRING)},
     CEL_TIMESTAMP,
     run_timestamp},
    {STR_INIT("duration"), false, 1, {KIND(CEL_DURATION) | KIND(CEL_STRING)}, CEL_DURATION, run_duration},
    ACCESSOR("getFullYear", year),
    ACCESSOR("getMonth", month),
    ACCESSOR("getDate", date),
    ACCESSOR("getDayOfMonth", day_of_month),
    ACCESSOR("getDayOfWeek", weekday),
    ACCESSOR("getDayOfYear", day_of_year),
    ACCESSOR("getHours", hours),
    ACCESSOR("getMinutes", minutes),
    ACCESSOR("getSeconds", seconds),
    {STR_INIT("getMilliseconds"), true, 1, {KIND_TIME}, CEL_INT, run_milliseconds},
    {STR_INIT("getMilliseconds"), true, 2, {KIND(CEL_TIMESTAMP), KIND(CEL_STRING)}, CEL_INT, run_milliseconds},
    {STR_INIT("getHours"), true, 1, {KIND(CEL_DURATION)}, CEL_INT, run_duration_hours},
    {STR_INIT("getMinutes"), true, 1, {KIND(CEL_DURATION)}, CEL_INT, run_duration_minutes},
    {STR_INIT("getSeconds"), true, 1, {KIND(CEL_DURATION)}, CEL_INT, run_duration_seconds},
};

const struct cel_table fn_time = CEL_TABLE(functions);
