#include "infer/choices.h"

#include "base/ascii.h"
#include "object/format.h"
#include "schema/schema.h"

/* What charts share is a choice from so many charts on, with so many words at most, each in so many percent of them. */
#define CHARTS_LEAST 10u
#define WORDS_MOST 4u
#define WORD_SHARE 10u
/* Percent of the charts that have a key in which it ends in the field. */
#define FIELD_SHARE 50u

/* Fields that take words, by the end of their names (field.c). */
static const struct {
    struct str end;
    const char *type, *field;
} FIELDS[] = {
    {STR_INIT("].imagePullPolicy"), "Container", "imagePullPolicy"},
    {STR_INIT("].protocol"), "ServicePort", "protocol"},
    {STR_INIT("].pathType"), "HTTPIngressPath", "pathType"},
    {STR_INIT("Pod.spec.restartPolicy"), "PodSpec", "restartPolicy"},
    {STR_INIT("Pod.spec.dnsPolicy"), "PodSpec", "dnsPolicy"},
    {STR_INIT("Service.spec.type"), "ServiceSpec", "type"},
    {STR_INIT("Deployment.spec.strategy.type"), "DeploymentStrategy", "type"},
    {STR_INIT("CronJob.spec.concurrencyPolicy"), "CronJobSpec", "concurrencyPolicy"},
};

struct words {
    struct str items[OBJECT_FORMAT_WORDS_MAX + 1];
    uint32_t len;
};

static bool holds(const struct words *words, struct str text) {
    for (uint32_t i = 0; i < words->len; i++)
        if (str_eq(words->items[i], text)) return true;
    return false;
}

/* The words of the field in which most charts print the property. */
static bool field_words(const struct property *p, struct words *words) {
    for (uint32_t i = 0; i < p->key->fields.len; i++) {
        const struct fleet_field *field = p->key->fields.entries[i].value;
        if (field->mixed || !is_share(field->charts.len, p->count, FIELD_SHARE)) continue;
        for (size_t k = 0; k < sizeof FIELDS / sizeof *FIELDS; k++) {
            if (!str_ends(field->field, FIELDS[k].end)) continue;
            words->len = object_format_words(str_from(FIELDS[k].type), str_from(FIELDS[k].field), words->items);
            return words->len > 0;
        }
    }
    return false;
}

/* Whether all values are among the words; an empty one is as none. */
static bool fits(const struct property *p, struct words *words) {
    bool empty = false;
    for (uint32_t i = 0; i < p->key->uses.len; i++) {
        const struct fleet_value *value = &p->key->values.items[p->key->uses.items[i].value];
        if (value->value.kind == VALUE_NULL) continue;
        if (value->value.kind != VALUE_STRING || !value->kept) return false;
        empty = empty || value->text.len == 0;
        if (value->text.len && !holds(words, value->text)) return false;
    }
    if (empty) words->items[words->len++] = STR("");
    return true;
}

static bool is_word(struct str text) {
    bool ok = text.len > 0 && ascii_is_alpha(text.ptr[0]);
    for (size_t i = 0; i < text.len; i++)
        ok = ok &&
             (ascii_is_alpha(text.ptr[i]) || ascii_is_digit(text.ptr[i]) || text.ptr[i] == '-' || text.ptr[i] == '_');
    return ok;
}

/* The words that many charts share, the commonest first; false where they are too few to tell, or too many. */
static bool shared_words(struct arena *a, const struct property *p, struct words *words) {
    if (p->count < CHARTS_LEAST) return false;
    uint32_t *counts = arena_array(a, uint32_t, p->key->values.len);
    for (uint32_t i = 0; i < p->key->uses.len; i++) counts[p->key->uses.items[i].value]++;
    for (uint32_t i = 0; i < p->key->values.len; i++) {
        const struct fleet_value *value = &p->key->values.items[i];
        if (counts[i] == 0) continue;
        bool good = value->kept && value->value.kind == VALUE_STRING && is_word(value->text);
        if (!good || !is_share(counts[i], p->count, WORD_SHARE) || words->len == WORDS_MOST) return false;
        words->items[words->len++] = value->text;
    }
    return words->len >= 2;
}

void choices_decide(struct draft *draft) {
    for (uint32_t i = 0; i < draft->all.len; i++) {
        struct property *p = draft->all.items[i];
        struct words words = {.len = 0};
        bool named = p->default_value && p->default_value->kind == VALUE_STRING &&
                     str_find(p->default_value->string, STR("${")) < p->default_value->string.len;
        if (!(p->types & TYPE_STRING) || (p->types & ~(TYPE_STRING | TYPE_NULL)) || p->secret || named || p->derive.len)
            continue;
        bool found = field_words(p, &words) && fits(p, &words);
        if (!found) {
            words.len = 0;
            found = shared_words(draft->arena, p, &words);
        }
        if (!found) continue;
        struct value *items = arena_array(draft->arena, struct value, words.len + 1);
        for (uint32_t k = 0; k < words.len; k++) items[k] = value_from_string(words.items[k]);
        if (p->types & TYPE_NULL) items[words.len] = (struct value){.kind = VALUE_NULL};
        struct value *list = arena_new(draft->arena, struct value);
        *list = value_from_items(draft->arena, items, words.len + (p->types & TYPE_NULL ? 1 : 0));
        p->choices = list;
    }
}
