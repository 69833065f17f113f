/* Runs google/cel-spec's simple tests (the files of tests/simple/testdata):
 *
 *     conformance_cel [-v] [FILE...]
 *
 * Without a FILE it takes those of cel-simple below $VALUELINT_TESTDATA; where there are none, the status is 77,
 * skipped.
 *
 * A test passes when the value is exactly the one expected, its kind included, or when the evaluation ends in an error
 * where one is expected (its text is not compared; the suite leaves it to each implementation). Tests that need
 * protobuf messages or enums, or that look at what CEL does not specify for a plain evaluator, are recognised and
 * counted apart, with -v by name. KNOWN_FAILURES lists what fails by name and why; a line there that does not fail
 * any more is a failure. The last line is the score, with known failures and tests that are not for us as skipped; the
 * exit status is 0 when nothing unexpected failed. */
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cel/eval.h"
#include "textproto.h"

struct run {
    struct arena keep;  /* for the run */
    struct arena arena; /* for one file */
    struct map known;   /* file/section/test -> struct known */
    bool verbose;
    uint32_t passed, failed, protobuf, known_failures;
};

struct known {
    struct str reason;
    bool seen; /* the test was run */
};

/* Why a test is not for this implementation, or NULL. */
static const char *foreign;

static bool to_value(struct arena *a, const struct message *m, struct cel_value *out);

/* Times stand in an Any: [type.googleapis.com/google.protobuf.Duration] { seconds: 1 nanos: 2 }. */
static bool any_to_value(const struct message *m, struct cel_value *out) {
    const struct field *field = m->len ? &m->items[0] : NULL;
    if (!field || !field->is_message) return false;
    enum cel_kind kind = str_ends(field->name, STR("google.protobuf.Timestamp]"))  ? CEL_TIMESTAMP
                         : str_ends(field->name, STR("google.protobuf.Duration]")) ? CEL_DURATION
                                                                                   : CEL_ERROR;
    struct str seconds = message_text(&field->message, "seconds"), nanos = message_text(&field->message, "nanos");
    struct cel_time time;
    int128 total =
        (int128)(seconds.len ? atoll(seconds.ptr) : 0) * NANOS_PER_SECOND + (nanos.len ? atoll(nanos.ptr) : 0);
    if (kind == CEL_ERROR || !time_make(kind, total, &time)) return false;
    set_time(out, kind, time);
    return true;
}

static bool list_to_value(struct arena *a, const struct message *m, struct cel_value *out) {
    struct cel_value *items = arena_array(a, struct cel_value, m->len);
    for (uint32_t i = 0; i < m->len; i++)
        if (!to_value(a, &m->items[i].message, &items[i])) return false;
    set_list(out, items, m->len);
    return true;
}

static bool map_to_value(struct arena *a, const struct message *m, struct cel_value *out) {
    struct cel_map *map = cel_map_make(a, m->len);
    for (uint32_t i = 0; i < m->len; i++) {
        const struct message *key = message_child(&m->items[i].message, "key");
        const struct message *value = message_child(&m->items[i].message, "value");
        struct cel_value k, v;
        if (!key || !value || !to_value(a, key, &k) || !to_value(a, value, &v) || !cel_map_add(map, &k, &v))
            return false;
    }
    out->kind = CEL_MAP;
    out->map = map;
    out->origin = NULL;
    return true;
}

static bool type_to_value(struct str name, struct cel_value *out) {
    for (enum cel_kind kind = CEL_NULL; kind < CEL_DYN; kind++) {
        if (!str_eq(cel_kind_name(kind), name)) continue;
        *out = (struct cel_value){.kind = CEL_TYPE, .type = kind};
        return true;
    }
    return false;
}

/* A cel.expr.Value; false where it is one of protobuf's own. */
static bool to_value(struct arena *a, const struct message *m, struct cel_value *out) {
    if (m->len == 0) return false;
    const struct field *field = &m->items[0];
    struct str text = field->text, name = field->name;

    *out = (struct cel_value){.kind = CEL_NULL};
    if (str_eq(name, STR("null_value"))) return true;
    if (str_eq(name, STR("bool_value"))) set_bool(out, str_eq(text, STR("true")));
    else if (str_eq(name, STR("int64_value"))) set_int(out, strtoll(arena_str(a, text).ptr, NULL, 10));
    else if (str_eq(name, STR("uint64_value"))) set_uint(out, strtoull(arena_str(a, text).ptr, NULL, 10));
    else if (str_eq(name, STR("double_value"))) set_double(out, strtod(arena_str(a, text).ptr, NULL));
    else if (str_eq(name, STR("string_value"))) set_string(out, text);
    else if (str_eq(name, STR("bytes_value"))) set_text(out, CEL_BYTES, text);
    else if (str_eq(name, STR("list_value"))) return list_to_value(a, &field->message, out);
    else if (str_eq(name, STR("map_value"))) return map_to_value(a, &field->message, out);
    else if (str_eq(name, STR("type_value"))) return type_to_value(text, out);
    else if (str_eq(name, STR("object_value"))) return any_to_value(&field->message, out);
    else return false;
    return true;
}

/* Equal in kind and value; a NaN equals a NaN. */
static bool same(const struct cel_value *a, const struct cel_value *b) {
    struct cel_value x, y, key;
    if (a->kind != b->kind) return false;
    if (a->kind == CEL_DOUBLE && isnan(a->real)) return isnan(b->real);
    if (a->kind == CEL_LIST) {
        bool equal = list_len(a) == list_len(b);
        for (uint32_t i = 0; equal && i < list_len(a); i++) {
            list_item(a, i, &x);
            list_item(b, i, &y);
            equal = same(&x, &y);
        }
        return equal;
    }
    if (a->kind == CEL_MAP) {
        bool equal = cel_map_len(a) == cel_map_len(b);
        for (uint32_t i = 0; equal && i < cel_map_len(a); i++) {
            cel_map_entry(a, i, &key, &x);
            equal = cel_map_find(b, &key, &y) && same(&x, &y);
        }
        return equal;
    }
    struct cel_eval e = {.budget = UINT64_MAX};
    return cel_values_equal(&e, a, b);
}

/* A cel.expr.Type; NULL where it is one of protobuf's own. */
static const struct cel_type *to_type(struct arena *a, const struct message *m) {
    static const struct {
        struct str name;
        enum cel_kind kind;
    } names[] = {{STR_INIT("BOOL"), CEL_BOOL},           {STR_INIT("INT64"), CEL_INT},
                 {STR_INIT("UINT64"), CEL_UINT},         {STR_INIT("DOUBLE"), CEL_DOUBLE},
                 {STR_INIT("STRING"), CEL_STRING},       {STR_INIT("BYTES"), CEL_BYTES},
                 {STR_INIT("TIMESTAMP"), CEL_TIMESTAMP}, {STR_INIT("DURATION"), CEL_DURATION}};
    if (!m || m->len == 0) return &cel_types[CEL_DYN];
    const struct field *field = &m->items[0];
    if (str_eq(field->name, STR("dyn"))) return &cel_types[CEL_DYN];
    if (str_eq(field->name, STR("null"))) return &cel_types[CEL_NULL];
    if (str_eq(field->name, STR("type"))) return &cel_types[CEL_TYPE];
    bool list = str_eq(field->name, STR("list_type")), map = str_eq(field->name, STR("map_type"));
    if (list || map) {
        struct cel_type *type = arena_new(a, struct cel_type);
        type->kind = list ? CEL_LIST : CEL_MAP;
        type->key = list ? NULL : to_type(a, message_child(&field->message, "key_type"));
        type->elem = to_type(a, message_child(&field->message, list ? "elem_type" : "value_type"));
        return type->elem && (list || type->key) ? type : NULL;
    }
    if (!str_eq(field->name, STR("primitive")) && !str_eq(field->name, STR("well_known"))) return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(field->text, names[i].name)) return &cel_types[names[i].kind];
    return NULL;
}

struct variables VEC(struct cel_variable);

/* The variables that a test declares or binds, and their values; a reason why not, or NULL. */
static const char *read_variables(struct arena *a, const struct message *test, struct variables *out,
                                  struct cel_value **slots) {
    for (uint32_t i = 0; i < test->len; i++) {
        const struct field *field = &test->items[i];
        if (str_eq(field->name, STR("type_env"))) {
            const struct message *ident = message_child(&field->message, "ident");
            if (!ident) return "declares a function";
            const struct cel_type *type = to_type(a, message_child(ident, "type"));
            if (!type) return "protobuf type of a variable";
            vec_push(a, out, (struct cel_variable){message_text(&field->message, "name"), type});
        } else if (str_eq(field->name, STR("bindings"))) {
            struct str name = message_text(&field->message, "key");
            bool declared = false;
            for (uint32_t j = 0; j < out->len; j++) declared = declared || str_eq(out->items[j].name, name);
            if (!declared) vec_push(a, out, (struct cel_variable){name, NULL});
        }
    }
    *slots = arena_array(a, struct cel_value, out->len + 1);
    for (uint32_t i = 0; i < test->len; i++) {
        const struct field *field = &test->items[i];
        if (!str_eq(field->name, STR("bindings"))) continue;
        const struct message *bound = message_child(&field->message, "value");
        const struct message *value = message_child(bound, "value");
        if (!value) return "binds a variable to an error or to unknown";
        for (uint32_t j = 0; j < out->len; j++)
            if (str_eq(out->items[j].name, message_text(&field->message, "key")) && !to_value(a, value, &(*slots)[j]))
                return "protobuf value of a variable";
    }
    return NULL;
}

/* What a test needs that is not here, by its fields and the names that it uses; NULL where it needs nothing. */
static const char *needs(const struct message *test) {
    static const char *const messages[] = {"TestAllTypes", "TestRequired", "GlobalEnum",
                                           "NestedEnum",   "proto.hasExt", "proto.getExt"};
    static const char *const proto_types[] = {
        "google.protobuf.Any",   "google.protobuf.Value",  "google.protobuf.Struct", "google.protobuf.List",
        "google.protobuf.Bool",  "google.protobuf.Bytes",  "google.protobuf.Double", "google.protobuf.Float",
        "google.protobuf.Int",   "google.protobuf.String", "google.protobuf.UInt",   "google.protobuf.Field",
        "google.protobuf.Empty", "google.protobuf.Null"};
    static const char *const libraries[] = {"optional.",    ".?",    "[?",      "{?",         "optMap(",
                                            "optFlatMap(",  "math.", "base64.", "cel.block(", "cel.index(",
                                            "cel.iterVar(", "cel.@", "ip(",     "cidr(",      "isIP("};
    struct str expr = message_text(test, "expr");
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (str_find(expr, str_from(messages[i])) < expr.len) return "protobuf messages and enums";
    for (size_t i = 0; i < sizeof proto_types / sizeof *proto_types; i++)
        if (str_find(expr, str_from(proto_types[i])) < expr.len) return "protobuf's well-known types";
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (str_find(expr, str_from(libraries[i])) < expr.len) return "a library that is not here";
    if (message_field(test, "disable_macros")) return "macros cannot be disabled";
    if (message_field(test, "check_only")) return "static types are not compared";
    if (message_field(test, "unknown") || message_field(test, "any_unknowns")) return "unknown values";
    return NULL;
}

/* Runs one test; true where it passes. `*why` is set where it does not, `foreign` where it is not for us. */
static bool run_test(struct arena *a, const struct message *test, struct str *why) {
    struct variables variables = {0};
    struct cel_value *slots = NULL, expected;
    struct cel_error error;

    foreign = needs(test);
    if (!foreign) foreign = read_variables(a, test, &variables, &slots);
    const struct message *value = message_child(test, "value");
    if (message_child(test, "typed_result")) value = message_child(message_child(test, "typed_result"), "result");
    bool fails = message_field(test, "eval_error") || message_field(test, "any_eval_errors");
    set_bool(&expected, true);
    if (!foreign && value && !to_value(a, value, &expected)) foreign = "protobuf value as the result";
    if (foreign) {
        *why = str_from(foreign);
        return false;
    }
    struct cel_options options = {.variables = variables.items,
                                  .count = variables.len,
                                  .container = message_text(test, "container"),
                                  .unchecked = str_eq(message_text(test, "disable_check"), STR("true"))};
    const struct cel_env *env = cel_env_make(a, &options);
    const struct cel_program *program = cel_compile(a, env, message_text(test, "expr"), &error);
    if (!program) {
        *why =
            arena_printf(a, "does not compile: %u-%u: %.*s", error.span.start, error.span.end, STR_ARG(error.message));
        return false;
    }
    struct cel_value result = cel_eval(program, slots, a, CEL_BUDGET_DEFAULT);
    if (fails ? result.kind == CEL_ERROR : same(&result, &expected)) return true;
    struct str wanted = fails ? STR("an error") : cel_to_text(a, &expected);
    *why = arena_printf(a, "gives %.*s %.*s, not %.*s %.*s", STR_ARG(cel_kind_name(result.kind)),
                        STR_ARG(cel_to_text(a, &result)), STR_ARG(fails ? STR("") : cel_kind_name(expected.kind)),
                        STR_ARG(wanted));
    return false;
}

static void count_test(struct run *run, struct str file, struct str section, const struct message *test) {
    struct str name = arena_printf(&run->arena, "%.*s/%.*s/%.*s", STR_ARG(file), STR_ARG(section),
                                   STR_ARG(message_text(test, "name")));
    struct str why = {NULL, 0};
    bool passed = run_test(&run->arena, test, &why);
    struct known *known = map_get(&run->known, name);

    if (known) known->seen = true;
    if (passed && known) {
        printf("FAIL %.*s: passes, but is listed as a known failure\n", STR_ARG(name));
        run->failed++;
    } else if (passed) {
        run->passed++;
    } else if (known) {
        run->known_failures++;
        if (run->verbose) printf("known %.*s: %.*s\n", STR_ARG(name), STR_ARG(known->reason));
    } else if (foreign) {
        run->protobuf++;
        if (run->verbose) printf("not run %.*s: %.*s\n", STR_ARG(name), STR_ARG(why));
    } else {
        run->failed++;
        printf("FAIL %.*s: %.*s\n     %.*s\n", STR_ARG(name), STR_ARG(why), STR_ARG(message_text(test, "expr")));
    }
}

static void print_score(const struct run *run, const struct run *before, struct str name) {
    uint32_t passed = run->passed - before->passed, failed = run->failed - before->failed;
    uint32_t known = run->known_failures - before->known_failures, protobuf = run->protobuf - before->protobuf;
    printf("%.*s: %u of %u passed, %u failed, %u known failures, %u not for this implementation\n", STR_ARG(name),
           passed, passed + failed + known + protobuf, failed, known, protobuf);
}

/* A listed test of this file that is not there is a failure too. */
static void check_seen(struct run *run, struct str file) {
    for (uint32_t i = 0; i < run->known.len; i++) {
        const struct known *known = run->known.entries[i].value;
        struct str key = run->known.entries[i].key;
        if (known->seen || !str_starts(key, file) || key.ptr[file.len] != '/') continue;
        printf("FAIL %.*s: is listed as a known failure, but there is no such test\n", STR_ARG(key));
        run->failed++;
    }
}

static bool run_file(struct run *run, const char *path) {
    struct error error;
    struct str text;
    struct message file = {0};
    const char *message;
    uint32_t line;
    struct run before = *run;

    if (!file_read(&run->arena, path, TEXT_MAX, &text, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    if (!textproto_parse(&run->arena, text, &file, &message, &line)) {
        fprintf(stderr, "%s:%u: %s\n", path, line, message);
        return false;
    }
    struct str name = message_text(&file, "name");
    for (uint32_t i = 0; i < file.len; i++) {
        if (!str_eq(file.items[i].name, STR("section"))) continue;
        const struct message *section = &file.items[i].message;
        for (uint32_t j = 0; j < section->len; j++)
            if (str_eq(section->items[j].name, STR("test")))
                count_test(run, name, message_text(section, "name"), &section->items[j].message);
    }
    check_seen(run, name);
    print_score(run, &before, name);
    arena_reset(&run->arena);
    return true;
}

/* Lines of `file/section/test: reason`; `#` begins a comment. */
static bool read_known(struct run *run) {
    struct error error;
    struct str text, line;
    if (!file_read(&run->keep, KNOWN_FAILURES, TEXT_MAX, &text, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    while (str_split_next(&text, '\n', &line)) {
        size_t colon = str_find(line, STR(": "));
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct known *known = arena_new(&run->keep, struct known);
        known->reason = str_slice(line, colon + 2, line.len);
        map_put(&run->keep, &run->known, str_slice(line, 0, colon), known);
    }
    return true;
}

/* All files of the folder of test data; `*found` tells whether there are any. */
static bool run_data(struct run *run, bool *found) {
    const char *data = getenv("VALUELINT_TESTDATA");
    glob_t files = {0};
    bool ok = true;
    struct str pattern = arena_printf(&run->keep, "%s/cel-simple/*.textproto", data ? data : ".");

    *found = data && glob(pattern.ptr, 0, NULL, &files) == 0 && files.gl_pathc > 0;
    for (size_t i = 0; *found && ok && i < files.gl_pathc; i++) ok = run_file(run, files.gl_pathv[i]);
    globfree(&files);
    return ok;
}

int main(int argc, char **argv) {
    struct run run = {0}, none = {0};
    bool ok = read_known(&run), found = false;

    for (int i = 1; i < argc && ok; i++) {
        if (strcmp(argv[i], "-v") == 0) run.verbose = true;
        else if ((found = true)) ok = run_file(&run, argv[i]);
    }
    if (ok && !found) ok = run_data(&run, &found);
    if (found) print_score(&run, &none, STR("all"));
    uint32_t skipped = run.known_failures + run.protobuf;
    if (skipped) printf("SKIP known failures, and tests of protobuf: conformance_cel -v names them\n");
    if (found) printf("%u passed, %u failed, %u skipped\n", run.passed, run.failed, skipped);
    else if (ok) printf("no cel-simple below $VALUELINT_TESTDATA\n");
    arena_free(&run.arena);
    arena_free(&run.keep);
    if (ok && !found) return 77;
    return ok && run.failed == 0 ? 0 : 1;
}
