#include "render/trace.h"

#include "template/eval/program.h"
#include "value/json.h"

/* One line: its bytes, and the runs that reach into it. */
struct line {
    struct str text;
    const struct go_run *runs;
    uint32_t count;
};

static struct str place_text(struct arena *a, const struct go_site *site) {
    const struct template_source *source = site->file;
    struct template_place place = template_place_of(source, site->start);
    return arena_printf(a, "%.*s:%u:%u", STR_ARG(source->path.len ? source->path : source->name), place.line,
                        place.column);
}

/* The run that tells most of a line: the first that shows values, else the first that has a place. */
static const struct go_site *site_of(const struct line *line) {
    const struct go_site *site = NULL;
    for (uint32_t i = 0; i < line->count; i++) {
        const struct go_run *run = &line->runs[i];
        if (run->site && (run->paths || run->hole)) return run->site;
        if (!site) site = run->site;
    }
    return site;
}

static struct str path_text(struct arena *a, const struct go_path *path) {
    struct str text = go_path_text(a, path);
    if (!path->layer || path->layer->prefix.len == 0) return text;
    return arena_printf(a, "%.*s.%.*s", STR_ARG(path->layer->prefix), STR_ARG(text));
}

/* The paths that a line shows, each once. */
static uint32_t paths_of(struct arena *a, const struct line *line, struct str **out) {
    struct VEC(struct str) all = {0};
    for (uint32_t i = 0; i < line->count; i++) {
        const struct go_paths *paths = line->runs[i].paths;
        for (uint32_t p = 0; paths && p < paths->count; p++) {
            struct str text = path_text(a, paths->items[p]);
            bool known = text.len == 0;
            for (uint32_t k = 0; k < all.len && !known; k++) known = str_eq(all.items[k], text);
            if (!known) vec_push(a, &all, text);
        }
    }
    *out = all.items;
    return all.len;
}

static void add_plain(struct buf *out, const struct line *line) {
    struct str *paths;
    uint32_t count = paths_of(out->arena, line, &paths);
    const struct go_site *site = site_of(line);
    buf_add(out, line->text);
    if (site || count > 0) {
        if (line->text.len < 60) buf_add_repeat(out, ' ', 60 - line->text.len);
        buf_add(out, STR("  # "));
    }
    if (site) buf_add(out, place_text(out->arena, site));
    for (uint32_t i = 0; i < count; i++) buf_addf(out, "%s%.*s", i ? ", " : " ", STR_ARG(paths[i]));
    buf_add_char(out, '\n');
}

static void add_site(struct buf *out, const struct go_site *site) {
    const struct template_source *source = site->file;
    struct template_place place = template_place_of(source, site->start);
    buf_add(out, STR("{\"file\":"));
    json_write_string(out, source->path.len ? source->path : source->name);
    buf_addf(out, ",\"line\":%u,\"column\":%u}", place.line, place.column);
}

static void add_json(struct buf *out, const struct line *line) {
    struct str *paths;
    uint32_t count = paths_of(out->arena, line, &paths);
    bool first = true;
    buf_add(out, STR("{\"text\":"));
    json_write_string(out, line->text);
    buf_add(out, STR(",\"values\":["));
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_add_char(out, ',');
        json_write_string(out, paths[i]);
    }
    buf_add(out, STR("],\"templates\":["));
    for (const struct go_site *site = site_of(line); site; site = site->caller) {
        if (!site->file) continue;
        if (!first) buf_add_char(out, ',');
        first = false;
        add_site(out, site);
    }
    buf_add(out, STR("]}"));
}

struct str trace_text(struct arena *a, const struct go_value *text, bool json) {
    struct buf out = buf_in(a);
    uint32_t run = 0, count = text->runs ? text->runs->count : 0;
    size_t from = 0;
    if (json) buf_add_char(&out, '[');
    while (from < text->text.len) {
        size_t end = from + str_find_char(str_slice(text->text, from, text->text.len), '\n');
        while (run < count && text->runs->items[run].end <= from) run++;
        uint32_t last = run;
        while (last < count && (last == run || text->runs->items[last - 1].end < end)) last++;
        struct line line = {str_slice(text->text, from, end), count ? text->runs->items + run : NULL, last - run};
        if (json && from > 0) buf_add(&out, STR(",\n"));
        if (json) add_json(&out, &line);
        else add_plain(&out, &line);
        from = end + 1;
    }
    if (json) buf_add(&out, STR("]\n"));
    return buf_str(&out);
}
