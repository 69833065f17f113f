#ifndef TEMPLATE_AGREE_H
#define TEMPLATE_AGREE_H
#include "template/rewrite.h"
#include "value/value.h"
enum template_effect { TEMPLATE_PRINTS_OTHER, TEMPLATE_FAILS };
struct template_clash { enum template_effect effect; struct span span; const struct str *keys; uint32_t key_count; const struct str *new_keys; uint32_t new_key_count; struct str reason; };
struct template_clashes VEC(struct template_clash);
static inline void template_agree(struct arena *a, const struct template_set *set_before, const struct template_file *before, const struct value *values_before, const struct template_set *set_after, const struct template_file *after, const struct value *values_after, struct template_clashes *clashes) { (void)a,(void)set_before,(void)before,(void)values_before,(void)set_after,(void)after,(void)values_after,(void)clashes; }
#endif
