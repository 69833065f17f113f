/* What was seen in a fleet, for people: as text, and in Markdown. */
#ifndef INFER_SURVEY_H
#define INFER_SURVEY_H

#include "infer/draft.h"

struct str survey_text(const struct draft *draft);
struct str survey_markdown(const struct draft *draft);

#endif
