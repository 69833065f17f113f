/* The parts of rendering that stand around templates; what comes out was taken from Helm 3.22 and 4.3. */
#include <criterion/criterion.h>

#include "render/coalesce.h"
#include "render/manifest.h"
#include "render/set_values.h"
#include "template/eval/function.h"

static struct arena arena;

static void end(void) {
    arena_free(&arena);
}

TestSuite(render, .fini = end);

static struct go_env env_of(uint8_t helm) {
    return (struct go_env){.arena = &arena, .budget = {1000, 100000, 0}, .helm = helm};
}

static struct str json_of(struct go_env *env, struct go_map *map) {
    const struct go_function *function = go_function_find(STR("toJson"), env->helm);
    struct go_value argument = {.type = &GO_TYPE_MAP, .map = map};
    struct go_call call = {.env = env, .function = function, .args = &argument, .count = 1};
    cr_assert(function && function->call(&call));
    return call.result.text;
}

static struct go_map *map_of(struct go_env *env, const char *yaml) {
    struct error error;
    struct go_map *map = helm_values_read(env, str_from(yaml), NULL, &error);
    cr_assert(map, "%s: %s", yaml, error.message);
    return map;
}

static void sets(enum set_kind kind, const char *before, const char *text, const char *expected) {
    struct go_env env = env_of(3);
    struct error error;
    struct value_layer layer = {.path = STR("--set")};
    struct go_map *map = map_of(&env, before);
    bool fine = set_values(&env, map, str_from(text), kind, &layer, &error);
    cr_expect_eq(fine, expected != NULL, "%s: %s", text, fine ? "taken" : error.message);
    if (fine && expected) {
        struct str got = json_of(&env, map);
        cr_expect(str_eq(got, str_from(expected)), "%s: %.*s, not %s", text, STR_ARG(got), expected);
    }
}

Test(render, set) {
    sets(SET_TYPED, "{}", "a=1,b=x", "{\"a\":1,\"b\":\"x\"}");
    sets(SET_TYPED, "{}", "a=1.5,b=0123,c=0,d=TRUE,e=null",
         "{\"a\":\"1.5\",\"b\":\"0123\",\"c\":0,\"d\":true,\"e\":null}");
    sets(SET_TYPED, "{a: {b: 1}}", "a.c=x\\,y,a.d\\.e=z", "{\"a\":{\"b\":1,\"c\":\"x,y\",\"d.e\":\"z\"}}");
    sets(SET_TYPED, "{}", "a={x,1},b={}", "{\"a\":[\"x\",1],\"b\":[\"\"]}");
    sets(SET_TYPED, "{b: [{k: 1}]}", "b[1]=z,b[0].m=2", "{\"b\":[{\"k\":1,\"m\":2},\"z\"]}");
    sets(SET_TYPED, "{}", "b[1][0]=z", "{\"b\":[null,[\"z\"]]}");
    sets(SET_TYPED, "{}", "a=", "{\"a\":\"\"}");
    sets(SET_STRING, "{}", "a=1,b=true,c={1,2}", "{\"a\":\"1\",\"b\":\"true\",\"c\":[\"1\",\"2\"]}");
    sets(SET_JSON, "{}", "a={\"b\":[1,null]},c=\"x\"", "{\"a\":{\"b\":[1,null]},\"c\":\"x\"}");
    sets(SET_TYPED, "{}", "a", NULL);
    sets(SET_TYPED, "{}", "a,b=1", NULL);
    sets(SET_TYPED, "{a: text}", "a.b=1", NULL);
    sets(SET_TYPED, "{}", "a[-1]=1", NULL);
    sets(SET_TYPED, "{}", "a={x", NULL);
    sets(SET_JSON, "{}", "a={", NULL);
}

static void splits(uint8_t helm, const char *text, const char *expected) {
    struct go_env env = env_of(helm);
    struct go_value value = go_string(str_from(text));
    struct manifests list = {0};
    struct buf got = buf_in(&arena);
    manifest_split(&env, &value, &list);
    for (uint32_t i = 0; i < list.len; i++) buf_addf(&got, "<%.*s>", STR_ARG(list.items[i].text.text));
    cr_expect(str_eq(buf_str(&got), str_from(expected)), "%s: %.*s, not %s", text, STR_ARG(buf_str(&got)), expected);
}

Test(render, documents) {
    splits(3, "a: 1\n---\nb: 2\n", "<a: 1><b: 2>");
    splits(3, "\n---\n# c\n---kind: B\n\n\n", "<# c><kind: B>");
    splits(3, "a: x---y\n  ---\n", "<a: x---y\n  --->");
    splits(3, "a: 1\n---\n---\nb: 2", "<a: 1><---\nb: 2>");
    splits(4, "a: 1\n\n---\n\nb: 2\n", "<a: 1\n\n><b: 2\n>");
    splits(4, "---kind: B\n---   \n", "<kind: B\n>");
}

static void lays(uint8_t helm, const char *over, const char *under, bool merge, const char *expected) {
    struct go_env env = env_of(helm);
    struct str got = json_of(&env, coalesce_tables(&env, map_of(&env, over), map_of(&env, under), merge));
    cr_expect(str_eq(got, str_from(expected)), "%s over %s: %.*s, not %s", over, under, STR_ARG(got), expected);
}

Test(render, tables) {
    lays(3, "{a: 1}", "{a: 2, b: 3}", false, "{\"a\":1,\"b\":3}");
    lays(3, "{a: null, c: {d: null}}", "{a: 2, c: {d: 1, e: 2}}", false, "{\"c\":{\"e\":2}}");
    lays(3, "{a: null, c: {d: null}}", "{a: 2, c: {d: 1, e: 2}}", true, "{\"a\":null,\"c\":{\"d\":null,\"e\":2}}");
    lays(3, "{a: x, b: {c: 1}}", "{a: {b: 1}, b: y}", false, "{\"a\":\"x\",\"b\":{\"c\":1}}");
    lays(3, "{a: null}", "{b: 1}", false, "{\"a\":null,\"b\":1}");
}

static void reads_version(const char *text, const char *expected) {
    struct str version = STR("");
    bool fine = kube_version_parse(&arena, str_from(text), &version);
    cr_expect_eq(fine, expected != NULL, "%s", text);
    if (fine && expected) cr_expect(str_eq(version, str_from(expected)), "%s: %.*s", text, STR_ARG(version));
}

Test(render, kube_versions) {
    reads_version("1.29", "v1.29");
    reads_version("v1.29.3-gke.1", "v1.29.3");
    reads_version(" 1.20.0 ", "v1.20.0");
    reads_version("1", NULL);
    reads_version("x", NULL);
    reads_version("01.2", NULL);
}
