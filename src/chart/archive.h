/* Packed charts: `charts/NAME-VERSION.tgz`, a gzipped tar whose files stand below one folder. They are read in memory
 * and never written.
 *
 * As Helm loads them (pkg/chart/loader/archive.go): paths lose their first folder, links and folders are passed over,
 * and a path that leads out is an error. A file or a whole that is larger than Helm takes is an error too, found
 * before its bytes are kept; so is a text that ends early. */
#ifndef CHART_ARCHIVE_H
#define CHART_ARCHIVE_H

#include "base/error.h"
#include "base/vec.h"

/* What Helm takes of one file, and of all files together, in bytes. */
#define ARCHIVE_FILE_MAX ((size_t)5 << 20)
#define ARCHIVE_TOTAL_MAX ((size_t)100 << 20)

struct archive_file {
    struct str path; /* below the chart's folder: templates/a.yaml, charts/sub/Chart.yaml, charts/sub-0.1.0.tgz */
    struct str text; /* without the byte order mark, which Helm takes away */
};

struct archive {
    struct VEC(struct archive_file) files; /* in the order of the archive */
};

/* Unpacks `bytes`, a .tgz, into the arena. Files for which `wanted` says no are passed over without being kept, but
 * count for the limits; NULL keeps all. False with `error` set where it is none, or Helm would refuse it; then
 * `archive` is empty. The work is bounded by ARCHIVE_TOTAL_MAX, the memory by that and by what is wanted. */
bool archive_read(struct arena *a, struct str bytes, bool (*wanted)(struct str path), struct archive *archive,
                  struct error *error);

/* The text of the file at `path`; NULL where there is none. */
const struct str *archive_find(const struct archive *archive, struct str path);

/* The version of zlib that runs, such as "1.2.13"; static. */
const char *archive_library_version(void);

#endif
