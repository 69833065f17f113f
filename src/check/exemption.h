/* Which charts a standard does not apply to: libraries, and umbrellas over other charts. */
#ifndef CHECK_EXEMPTION_H
#define CHECK_EXEMPTION_H

#include "chart/chart.h"
#include "config/settings.h"

/* Why the standard of `settings` does not apply to the chart in `folder`; empty where it does. `has_templates` is false
 * where it is known that there is no folder templates/. Without settings (NULL) it is a standard with an image. */
struct str exemption_of(struct arena *a, const struct settings *settings, const struct chart *chart, struct str folder,
                        bool has_templates, const struct value *values);

#endif
