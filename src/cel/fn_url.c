/* Kubernetes' URL library. */
#include "cel/eval.h"
#include "cel/url.h"

static void run_url(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    if (args[0].kind == CEL_URL) {
        *out = args[0];
        return;
    }
    if (!cel_eval_charge(e, args[0].string.len / 8 + 4, out)) return;
    struct cel_url *url = arena_new(e->arena, struct cel_url);
    if (url_parse(e->arena, args[0].string, url)) {
        out->kind = CEL_URL;
        out->url = url;
        out->origin = NULL;
    } else {
        cel_eval_failf(e, out, "`%.*s` is no URL with a scheme, and no absolute path",
                       STR_ARG(str_slice(args[0].string, 0, 80)));
    }
}

static void run_is_url(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_url url;
    if (cel_eval_charge(e, args[0].string.len / 8 + 4, out)) set_bool(out, url_parse(e->arena, args[0].string, &url));
}

static void run_scheme(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_string(out, args[0].url->scheme);
}

static void run_host(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_string(out, args[0].url->host);
}

static void run_hostname(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_string(out, url_hostname(args[0].url->host));
}

static void run_port(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_string(out, url_port(args[0].url->host));
}

static void run_path(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_string(out, args[0].url->path);
}

/* One parameter and what it is set to, in the order of the text. */
struct parameter {
    struct str key;
    struct str value;
};

struct parameters VEC(struct parameter);

/* The decoded parameters of a query; what is escaped wrongly is left out, as in Go. */
static struct parameters split_query(struct arena *a, struct str query) {
    struct parameters list = {0};
    struct str piece;
    while (str_split_next(&query, '&', &piece)) {
        struct parameter p;
        size_t equals = str_find_char(piece, '=');
        if (piece.len == 0 || str_find_char(piece, ';') < piece.len) continue;
        if (!url_unescape(a, str_slice(piece, 0, equals), true, &p.key)) continue;
        if (!url_unescape(a, str_slice(piece, equals + 1, piece.len), true, &p.value)) continue;
        vec_push(a, &list, p);
    }
    return list;
}

static void run_query(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct str query = args[0].url->query;
    if (!cel_eval_charge(e, query.len + 1, out)) return;
    struct parameters list = split_query(e->arena, query);
    struct cel_map *map = cel_map_make(e->arena, list.len);
    for (uint32_t i = 0; i < list.len; i++) {
        struct cel_value key = cel_from_string(list.items[i].key), values;
        uint32_t count = 0;
        if (cel_map_find(&(struct cel_value){.kind = CEL_MAP, .map = map}, &key, NULL)) continue;
        if (!cel_eval_charge(e, list.len, out)) return;
        struct cel_value *items = arena_array(e->arena, struct cel_value, list.len - i);
        for (uint32_t j = i; j < list.len; j++)
            if (str_eq(list.items[j].key, list.items[i].key)) items[count++] = cel_from_string(list.items[j].value);
        set_list(&values, items, count);
        cel_map_add(map, &key, &values);
    }
    out->kind = CEL_MAP;
    out->map = map;
    out->origin = NULL;
}

#define U KIND(CEL_URL)

static const struct cel_function functions[] = {
    {STR_INIT("url"), false, 1, {KIND(CEL_STRING) | U}, CEL_URL, run_url},
    {STR_INIT("isURL"), false, 1, {KIND(CEL_STRING)}, CEL_BOOL, run_is_url},
    {STR_INIT("getScheme"), true, 1, {U}, CEL_STRING, run_scheme},
    {STR_INIT("getHost"), true, 1, {U}, CEL_STRING, run_host},
    {STR_INIT("getHostname"), true, 1, {U}, CEL_STRING, run_hostname},
    {STR_INIT("getPort"), true, 1, {U}, CEL_STRING, run_port},
    {STR_INIT("getEscapedPath"), true, 1, {U}, CEL_STRING, run_path},
    {STR_INIT("getQuery"), true, 1, {U}, CEL_MAP, run_query},
};

const struct cel_table fn_url = CEL_TABLE(functions);
