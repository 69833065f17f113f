/* urlParse and urlJoin. */
#include "template/eval/fn_help.h"
#include "template/go/url.h"

static bool fn_url_parse(struct go_call *call) {
    struct go_env *env = call->env;
    struct go_url url;
    struct str error;
    struct buf user = buf_in(env->arena);
    if (!go_url_parse(env->arena, fn_text(call, 0), &url, &error))
        return go_fail(call, "unable to parse url: %.*s", STR_ARG(error));
    if (url.has_user) go_url_format_user(&user, &url);
    const struct {
        struct str key, text;
    } parts[] = {
        {STR("scheme"), url.scheme},     {STR("host"), url.host},          {STR("hostname"), go_url_hostname(url.host)},
        {STR("path"), url.path},         {STR("query"), url.query},        {STR("opaque"), url.opaque},
        {STR("fragment"), url.fragment}, {STR("userinfo"), buf_str(&user)}};
    struct go_value made = go_map(env, &GO_TYPE_MAP, sizeof parts / sizeof *parts);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        go_map_set(env, made.map, parts[i].key, go_string(parts[i].text.len ? parts[i].text : STR("")));
    return go_give(call, made);
}

/* The string `key` of the argument; empty where there is none. False: it is no string. */
static bool part_of(struct go_call *call, const char *key, struct str *out) {
    const struct go_value *map = &call->args[0];
    const struct go_value *found = go_kind(map) == GO_MAP ? go_map_get(map->map, str_from(key)) : NULL;
    *out = STR("");
    if (!found) return true;
    if (go_is_nil(found)) return go_fail(call, "runtime error: invalid memory address or nil pointer dereference");
    if (go_kind(found) != GO_STRING)
        return go_fail(call, "unable to parse %s key, must be of type string, but %s found", key, fn_kind_name(found));
    *out = found->text;
    return true;
}

static bool fn_url_join(struct go_call *call) {
    struct arena *a = call->env->arena;
    struct go_url url = {0}, user;
    struct str userinfo, error;
    struct buf out = buf_in(a);
    if (!part_of(call, "scheme", &url.scheme) || !part_of(call, "host", &url.host) ||
        !part_of(call, "path", &url.path) || !part_of(call, "query", &url.query) ||
        !part_of(call, "opaque", &url.opaque) || !part_of(call, "fragment", &url.fragment) ||
        !part_of(call, "userinfo", &userinfo))
        return false;
    if (userinfo.len) {
        if (!go_url_parse(a, arena_printf(a, "proto://%.*s@host", STR_ARG(userinfo)), &user, &error))
            return go_fail(call, "unable to parse userinfo in dict: %.*s", STR_ARG(error));
        url.has_user = user.has_user;
        url.has_password = user.has_password;
        url.user = user.user;
        url.password = user.password;
    }
    go_url_format(&out, &url);
    return fn_give_buf(call, &out);
}

const struct go_function FN_URL[] = {
    {"urlJoin", "m:s", fn_url_join, 0},
    {"urlParse", "s:m", fn_url_parse, 0},
    {0},
};
