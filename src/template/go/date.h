/* Times and durations as Go's package time writes and reads them. */
#ifndef TEMPLATE_GO_DATE_H
#define TEMPLATE_GO_DATE_H

#include "base/buf.h"

/* A time of a day somewhere: seconds since 1970 in UTC, and what is added to them there. */
struct go_time {
    int64_t seconds;
    int32_t offset;  /* in seconds, to the east */
    struct str zone; /* its abbreviation: UTC */
};

/* The time at `seconds` in UTC, or where the machine stands (the zone's name lives in the arena). */
struct go_time go_time_utc(int64_t seconds);
struct go_time go_time_local(struct arena *a, int64_t seconds);

/* Adds `time` as Format writes it: `layout` is how January 2nd 2006, 15:04:05 in MST would be written. */
void go_time_format(struct buf *out, const struct go_time *time, struct str layout);

/* Durations are in nanoseconds: "1h2m3.5s". */
void go_duration_format(struct buf *out, int64_t duration);
bool go_duration_parse(struct str s, int64_t *duration);

#endif
