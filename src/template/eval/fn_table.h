/* The tables of functions; each ends with an entry without a name. A new file of functions adds its table here and to
 * the list in function.c. */
#ifndef TEMPLATE_EVAL_FN_TABLE_H
#define TEMPLATE_EVAL_FN_TABLE_H

#include "template/eval/function.h"

/* All tables; NULL at the end. */
extern const struct go_function *const FN_TABLES[];

extern const struct go_function FN_CORE[];    /* fn_core.c: text/template's own, and those that need the interpreter */
extern const struct go_function FN_COMPARE[]; /* fn_compare.c: eq, lt and so on */
extern const struct go_function FN_INDEX[];   /* fn_index.c: index, slice, len */
extern const struct go_function FN_TEXT[];    /* fn_text.c: what copies stretches of text: indent, quote, trim */
extern const struct go_function FN_STRINGS[]; /* fn_strings.c: upper, split, sha256sum, b64enc */
extern const struct go_function FN_NUMBER[];  /* fn_number.c: int, add, until */
extern const struct go_function FN_LIST[];    /* fn_list.c: list, first, without */
extern const struct go_function FN_DICT[];    /* fn_dict.c: dict, set, merge */
extern const struct go_function FN_LOGIC[];   /* fn_logic.c: default, ternary, kindOf, html */
extern const struct go_function FN_YAML[];    /* fn_yaml.c: toYaml, toJson */
extern const struct go_function FN_CASE[];    /* fn_case.c: camelcase, snakecase */
extern const struct go_function FN_PATH[];    /* fn_path.c: base, dir */
extern const struct go_function FN_RANDOM_TABLE[]; /* fn_random.c: randAlphaNum, genCA */
extern const struct go_function FN_REGEX[];        /* fn_regex.c: regexMatch */
extern const struct go_function FN_VERSION[];      /* fn_version.c: semverCompare */
extern const struct go_function FN_READ[];         /* fn_read.c: fromYaml, fromJson */
extern const struct go_function FN_DATE[];         /* fn_date.c: date, now, duration */
extern const struct go_function FN_TOML[];         /* fn_toml.c: toToml */
extern const struct go_function FN_URL[];          /* fn_url.c: urlParse */

#endif
