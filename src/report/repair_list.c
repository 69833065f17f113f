#include "report/repair_list.h"

#define INDENT 2
#define LINES_MOST 4
/* What " and 1234567 more" takes. */
#define REST_COLUMNS 18

/* What one rule finds in a file. */
struct group {
    const struct check *check;
    struct VEC(struct str) items;
    uint32_t findings;
};

struct groups VEC(struct group *);

static struct group *group_of(struct arena *a, struct groups *groups, const struct check *check) {
    uint32_t at = 0;
    while (at < groups->len && groups->items[at]->check->index < check->index) at++;
    if (at < groups->len && groups->items[at]->check == check) return groups->items[at];
    struct group *group = arena_new(a, struct group);
    group->check = check;
    vec_push(a, groups, group);
    for (uint32_t i = groups->len; --i > at;) groups->items[i] = groups->items[i - 1];
    return groups->items[at] = group;
}

static void add_items(struct arena *a, struct group *group, const struct source *source,
                      const struct finding *finding) {
    group->findings++;
    for (uint32_t i = 0; i < finding->key_count; i++) {
        struct str key = finding->keys[i];
        if (finding->path.len) key = arena_printf(a, "%.*s.%.*s", STR_ARG(finding->path), STR_ARG(key));
        vec_push(a, &group->items, key);
    }
    if (finding->key_count) return;
    struct str item = finding->path;
    if (item.len == 0) item = arena_printf(a, "line %u", (unsigned)source_position(source, finding->span.start).line);
    if (finding->becomes.len) item = arena_printf(a, "%.*s -> %.*s", STR_ARG(item), STR_ARG(finding->becomes));
    vec_push(a, &group->items, item);
}

static size_t columns_of(struct str text) {
    size_t sum = 0;
    for (size_t at = 0; at < text.len;) {
        unsigned columns;
        at += display_next(text, at, &columns);
        sum += columns;
    }
    return sum;
}

/* "12 keys are missing: ", or for a rule that has no words for it "2 findings of password-in-dsn: "; its columns. */
static size_t add_title(struct buf *out, const struct group *group) {
    const struct check *check = group->check;
    size_t before = out->len;
    uint32_t count = check->one.len ? group->items.len : group->findings;
    buf_addf(out, "%u ", (unsigned)count);
    if (check->one.len) clean_add(out, count == 1 ? check->one : check->many);
    else buf_addf(out, "finding%s of %.*s", count == 1 ? "" : "s", STR_ARG(check->name));
    buf_add(out, STR(": "));
    return columns_of((struct str){out->ptr + before, out->len - before});
}

static void add_group(struct buf *out, const struct group *group, unsigned width, const struct palette *palette) {
    size_t margin = INDENT + group->check->id.len + 1, at = margin;
    uint32_t lines = 1;
    buf_add_repeat(out, ' ', INDENT);
    buf_add(out, palette->help);
    buf_add(out, group->check->id);
    buf_add(out, palette->reset);
    buf_add_char(out, ' ');
    at += add_title(out, group);
    for (uint32_t i = 0; i < group->items.len; i++) {
        bool last = i + 1 == group->items.len;
        size_t columns = columns_of(group->items.items[i]) + (last ? 0 : 2);
        size_t room = lines < LINES_MOST || last ? width : width - REST_COLUMNS;
        if (at + columns > room && i > 0) {
            if (lines == LINES_MOST) {
                buf_addf(out, "and %u more", (unsigned)(group->items.len - i));
                break;
            }
            out->len--; /* the space behind the comma */
            buf_add_char(out, '\n');
            buf_add_repeat(out, ' ', margin);
            at = margin;
            lines++;
        }
        clean_add(out, group->items.items[i]);
        if (!last) buf_add(out, STR(", "));
        at += columns;
    }
    buf_add_char(out, '\n');
}

void report_list_repairs(struct buf *out, struct arena *scratch, const struct report_file *file, unsigned width,
                         const struct palette *palette) {
    struct groups groups = {NULL, 0, 0};
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        if (finding->fix == FIX_SAFE)
            add_items(scratch, group_of(scratch, &groups, finding->check), file->source, finding);
    }
    if (groups.len == 0) return;
    buf_add(out, palette->strong);
    clean_add_start(out, file->source->path);
    buf_add(out, palette->reset);
    buf_add_char(out, '\n');
    for (uint32_t i = 0; i < groups.len; i++) add_group(out, groups.items[i], width, palette);
}
