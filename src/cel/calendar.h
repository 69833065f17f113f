/* Dates in the proleptic Gregorian calendar, and time zones. */
#ifndef CEL_CALENDAR_H
#define CEL_CALENDAR_H

#include "base/str.h"

struct calendar {
    int64_t year;
    int month;       /* 1 to 12 */
    int day;         /* 1 to 31 */
    int day_of_year; /* from 0 */
    int weekday;     /* 0 is Sunday */
    int hour, minute, second;
};

/* The date of `seconds` since 1970-01-01T00:00:00. */
struct calendar calendar_of(int64_t seconds);

/* Days since 1970-01-01. */
int64_t calendar_days(int64_t year, int month, int day);

/* `+02:00`, `-08:30`, `02:00` in seconds; false for anything else. */
bool calendar_offset(struct str s, int *seconds);

/* How far the zone `name` (an offset, UTC, or a name such as Europe/Vienna) is ahead of UTC at `at` seconds. Named
 * zones come from the system's time zone database; false where there is no such zone. */
bool zone_offset(struct str name, int64_t at, int *seconds);

#endif
