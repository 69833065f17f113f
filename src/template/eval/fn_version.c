/* semver and semverCompare. */
#include "template/eval/fn_help.h"
#include "template/go/semver.h"

#define METHOD_COUNT 14

static const struct go_function VERSION_METHODS[METHOD_COUNT + 1];

static const struct go_type VERSION = {
    .kind = GO_STRUCT, .name = STR_INIT("*semver.Version"), .pointer = true, .methods = VERSION_METHODS};
/* What IncMajor and its kin give: the struct itself. */
static const struct go_type PLAIN_VERSION = {
    .kind = GO_STRUCT, .name = STR_INIT("semver.Version"), .methods = VERSION_METHODS};

static const struct go_version *version_of(const struct go_value *v) {
    bool is = v && (v->type == &VERSION || v->type == &PLAIN_VERSION);
    return is ? v->object.data : NULL;
}

static struct go_value version_value(const struct go_type *type, const struct go_version *version) {
    return (struct go_value){.type = type, .object = {.data = version}};
}

static bool fn_semver(struct go_call *call) {
    struct go_version *version = arena_new(call->env->arena, struct go_version);
    struct str error;
    if (!go_version_parse(call->env->arena, fn_text(call, 0), version, &error))
        return go_fail(call, "%.*s", STR_ARG(error));
    return go_give(call, version_value(&VERSION, version));
}

static bool fn_semver_compare(struct go_call *call) {
    struct go_version version;
    struct str error;
    bool met;
    if (!go_constraint_parse(call->env->arena, fn_text(call, 0), &error) ||
        !go_version_parse(call->env->arena, fn_text(call, 1), &version, &error) ||
        !go_version_check(call->env->arena, fn_text(call, 0), &version, &met, &error))
        return go_fail(call, "%.*s", STR_ARG(error));
    return go_give(call, go_bool(met));
}

static bool method_major(struct go_call *call) {
    return go_give(call, go_uint64(version_of(call->self)->major));
}

static bool method_minor(struct go_call *call) {
    return go_give(call, go_uint64(version_of(call->self)->minor));
}

static bool method_patch(struct go_call *call) {
    return go_give(call, go_uint64(version_of(call->self)->patch));
}

static bool method_prerelease(struct go_call *call) {
    return fn_give_text(call, version_of(call->self)->pre);
}

static bool method_metadata(struct go_call *call) {
    return fn_give_text(call, version_of(call->self)->metadata);
}

static bool method_original(struct go_call *call) {
    return fn_give_text(call, version_of(call->self)->original);
}

static bool method_string(struct go_call *call) {
    return fn_give_text(call, go_version_text(call->env->arena, version_of(call->self)));
}

/* Compares with the argument, which must be a version; false: the call has failed. */
static bool compare(struct go_call *call, int *order) {
    const struct go_version *other = version_of(&call->args[0]);
    if (!other) return go_fail(call, "not a version");
    *order = go_version_cmp(version_of(call->self), other);
    return true;
}

static bool method_compare(struct go_call *call) {
    int order = 0;
    return compare(call, &order) && go_give(call, go_int(order < 0 ? -1 : order > 0));
}

static bool method_equal(struct go_call *call) {
    int order = 0;
    return compare(call, &order) && go_give(call, go_bool(order == 0));
}

static bool method_less(struct go_call *call) {
    int order = 0;
    return compare(call, &order) && go_give(call, go_bool(order < 0));
}

static bool method_greater(struct go_call *call) {
    int order = 0;
    return compare(call, &order) && go_give(call, go_bool(order > 0));
}

/* The next version; `part` 0: major, 1: minor, 2: patch. */
static bool increment(struct go_call *call, int part) {
    const struct go_version *version = version_of(call->self);
    struct go_version *next = arena_new(call->env->arena, struct go_version);
    next->major = version->major + (part == 0);
    next->minor = part == 0 ? 0 : version->minor + (part == 1);
    next->patch = part < 2 ? 0 : version->patch + (version->pre.len == 0);
    bool marked = version->original.len && version->original.ptr[0] == 'v';
    next->original =
        arena_printf(call->env->arena, "%s%.*s", marked ? "v" : "", STR_ARG(go_version_text(call->env->arena, next)));
    return go_give(call, version_value(&PLAIN_VERSION, next));
}

static bool method_inc_major(struct go_call *call) {
    return increment(call, 0);
}

static bool method_inc_minor(struct go_call *call) {
    return increment(call, 1);
}

static bool method_inc_patch(struct go_call *call) {
    return increment(call, 2);
}

static const struct go_function VERSION_METHODS[METHOD_COUNT + 1] = {
    {"Compare", "a:i", method_compare, 0},
    {"Equal", "a:b", method_equal, 0},
    {"GreaterThan", "a:b", method_greater, 0},
    {"IncMajor", ":a", method_inc_major, 0},
    {"IncMinor", ":a", method_inc_minor, 0},
    {"IncPatch", ":a", method_inc_patch, 0},
    {"LessThan", "a:b", method_less, 0},
    {"Major", ":u", method_major, 0},
    {"Metadata", ":s", method_metadata, 0},
    {"Minor", ":u", method_minor, 0},
    {"Original", ":s", method_original, 0},
    {"Patch", ":u", method_patch, 0},
    {"Prerelease", ":s", method_prerelease, 0},
    {"String", ":s", method_string, 0},
    {0},
};

const struct go_function FN_VERSION[] = {
    {"semver", "s:a", fn_semver, 0},
    {"semverCompare", "ss:b", fn_semver_compare, 0},
    {0},
};
