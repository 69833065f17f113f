#include "text/finding.h"

#include <stdlib.h>

static const struct str NAMES[SEVERITY_COUNT] = {STR_INIT("info"), STR_INIT("warning"), STR_INIT("error")};

struct str severity_name(enum severity severity) {
    return NAMES[severity];
}

bool severity_parse(struct str name, enum severity *severity) {
    for (int i = 0; i < SEVERITY_COUNT; i++) {
        if (!str_eq(name, NAMES[i])) continue;
        *severity = (enum severity)i;
        return true;
    }
    return false;
}

static int finding_cmp(const void *left, const void *right) {
    const struct finding *a = left, *b = right;
    if (a->span.start != b->span.start) return a->span.start < b->span.start ? -1 : 1;
    int order = str_cmp(a->check->id, b->check->id);
    if (order == 0 && a->rank != b->rank) order = a->rank < b->rank ? -1 : 1;
    return order;
}

void findings_sort(struct findings *findings) {
    if (findings->len) qsort(findings->items, findings->len, sizeof *findings->items, finding_cmp);
}

void findings_drop_below(struct findings *findings, enum severity lowest) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < findings->len; i++)
        if (findings->items[i].severity >= lowest) findings->items[kept++] = findings->items[i];
    findings->len = kept;
}

void findings_unite(struct findings *findings) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < findings->len; i++) {
        const struct finding *finding = &findings->items[i], *last = kept ? &findings->items[kept - 1] : NULL;
        bool same = last && last->check == finding->check && last->span.start == finding->span.start &&
                    str_eq(last->message, finding->message);
        if (!same) findings->items[kept++] = *finding;
    }
    findings->len = kept;
}

void finding_relate(struct arena *a, struct finding *finding, struct source *source, struct span span,
                    struct str message) {
    struct related *grown = arena_array(a, struct related, finding->related_count + 1);
    if (finding->related_count) memcpy(grown, finding->related, sizeof *grown * finding->related_count);
    grown[finding->related_count++] = (struct related){source, span, message};
    finding->related = grown;
    source_lines(a, source);
}
