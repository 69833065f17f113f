#include "template/syntax/memo.h"

struct tmpl_parsed *tmpl_memo_parse(struct tmpl_memo *memo, struct str text) {
    struct tmpl_parsed *parsed = map_get(&memo->parsed, text);
    if (parsed) return parsed;
    parsed = arena_new(memo->arena, struct tmpl_parsed);
    parsed->broken = !tmpl_parse(memo->arena, text, &parsed->tree, &parsed->error);
    map_put(memo->arena, &memo->parsed, text, parsed);
    return parsed;
}
