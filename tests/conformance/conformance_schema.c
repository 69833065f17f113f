/* Runs the JSON Schema test suite:  conformance_schema [DIR] DRAFT
 *
 * DIR is the suite's folder with tests/ and remotes/ (without it: json-schema-test-suite below $VALUELINT_TESTDATA;
 * where that is not there, the status is 77, skipped), DRAFT one of draft7, draft2019-09, draft2020-12. The required
 * tests take `format` as an annotation, those of optional/format assert it. Prints every test that does not behave as
 * known, then the score, with known failures as skipped; the status is 0 when there was none. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"
#include "schema/schema.h"
#include "value/json.h"

#define FILE_MAX ((size_t)16 << 20)
#define REMOTES "http://localhost:1234/"

struct suite {
    struct arena arena;
    struct str folder;
    const char *name;
    enum schema_draft draft;
    struct map documents; /* URI -> struct value */
    struct map known;     /* "FILE | GROUP | TEST" -> the line's reason */
    struct map seen;      /* the known ones that have failed */
    unsigned passed, failed, expected;
};

struct names VEC(struct str);

static bool read_json(struct suite *s, struct str path, struct value *value) {
    struct error problem;
    struct json_error broken;
    struct str text;
    if (!file_read(&s->arena, arena_str(&s->arena, path).ptr, FILE_MAX, &text, &problem)) return false;
    if (json_parse(&s->arena, text, value, &broken)) return true;
    fprintf(stderr, "%.*s: %s\n", STR_ARG(path), broken.message);
    return false;
}

/* The suite's remotes stand for a web server. */
static const struct value *resolve(void *data, struct str uri) {
    struct suite *s = data;
    struct value *document = map_get(&s->documents, uri);
    if (document || !str_starts(uri, STR(REMOTES))) return document;
    struct str path = path_join(&s->arena, s->folder, STR("remotes"));
    path = path_join(&s->arena, path, str_slice(uri, sizeof REMOTES - 1, uri.len));
    document = arena_new(&s->arena, struct value);
    if (file_kind(path.ptr) != FILE_REGULAR || !read_json(s, path, document)) return NULL;
    map_put(&s->arena, &s->documents, arena_str(&s->arena, uri), document);
    return document;
}

static struct str text_of(const struct value *map, const char *key) {
    const struct value *v = value_get(map, str_from(key));
    return v && v->kind == VALUE_STRING ? v->string : STR("?");
}

static void count_result(struct suite *s, struct str file, const struct value *group, const struct value *test,
                         bool good, struct str why) {
    struct str name = arena_printf(&s->arena, "%.*s | %.*s | %.*s", STR_ARG(file),
                                   STR_ARG(text_of(group, "description")), STR_ARG(text_of(test, "description")));
    bool known = map_get(&s->known, name) != NULL;
    if (good && !known) {
        s->passed++;
    } else if (!good && known) {
        s->expected++;
        map_put(&s->arena, &s->seen, name, s);
    } else {
        s->failed++;
        if (good) printf("PASSES NOW %s %.*s\n", s->name, STR_ARG(name));
        else printf("FAIL %s %.*s (%.*s)\n", s->name, STR_ARG(name), STR_ARG(why));
        if (good) map_put(&s->arena, &s->seen, name, s);
    }
}

static void run_test(struct suite *s, struct str file, const struct value *group, const struct value *test,
                     const struct schema *schema, const struct schema_error *error) {
    const struct value *data = value_get(test, STR("data")), *valid = value_get(test, STR("valid"));
    if (!data || !valid) return;
    if (!schema) {
        count_result(s, file, group, test, false, str_from(error->message));
        return;
    }
    struct arena scratch = {0};
    struct violations violations = {NULL, 0, 0};
    bool verdict = schema_validate(schema, &scratch, data, &violations);
    bool quick = schema_is_valid(schema, data);
    struct str why = STR("taken as valid");
    if (!verdict) why = STR("taken as invalid");
    bool agree = verdict == quick && verdict == (violations.len == 0);
    if (!agree) why = STR("the two ways of validating disagree");
    for (uint32_t i = 0; i < violations.len; i++) {
        struct schema_message message = schema_violation_message(&scratch, &violations.items[i]);
        if (message.message.len == 0) agree = false, why = STR("a violation without words");
    }
    count_result(s, file, group, test, agree && verdict == valid->boolean, why);
    arena_free(&scratch);
}

static void run_file(struct suite *s, struct str file, bool assert_format) {
    struct str path = arena_printf(&s->arena, "%.*s/tests/%s/%.*s", STR_ARG(s->folder), s->name, STR_ARG(file));
    struct schema_options options = {s->draft, assert_format, STR(""), resolve, s, 0};
    struct value groups;
    if (!read_json(s, path, &groups)) {
        s->failed++;
        return;
    }
    for (uint32_t g = 0; g < groups.list.len; g++) {
        const struct value *group = &groups.list.items[g];
        const struct value *document = value_get(group, STR("schema")), *tests = value_get(group, STR("tests"));
        struct schema_error error = {0};
        if (!document || !tests) continue;
        const struct schema *schema = schema_compile(&s->arena, document, &options, &error);
        for (uint32_t t = 0; t < tests->list.len; t++) run_test(s, file, group, &tests->list.items[t], schema, &error);
    }
}

static int name_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void run_folder(struct suite *s, const char *folder) {
    struct str path = arena_printf(&s->arena, "%.*s/tests/%s/%s", STR_ARG(s->folder), s->name, folder);
    struct names names = {NULL, 0, 0};
    DIR *dir = opendir(path.ptr);
    if (!dir) {
        printf("FAIL %s: there is no folder %s\n", s->name, path.ptr);
        s->failed++;
        return;
    }
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        struct str name = str_from(entry->d_name);
        if (str_ends(name, STR(".json"))) vec_push(&s->arena, &names, arena_str(&s->arena, name));
    }
    closedir(dir);
    if (names.len) qsort(names.items, names.len, sizeof *names.items, name_cmp);
    for (uint32_t i = 0; i < names.len; i++) {
        struct str file = arena_printf(&s->arena, "%s%.*s", folder, STR_ARG(names.items[i]));
        /* These ask the metaschema whether a pattern is one, which it can only tell by its `format`. */
        bool asks_metaschema = str_eq(file, STR("optional/ecmascript-regex.json"));
        run_file(s, file, str_eq(str_from(folder), STR("optional/format/")) || asks_metaschema);
    }
}

/* Lines `DRAFT FILE | GROUP | TEST`; `#` begins a comment line, which gives the reason for those below it. */
static bool read_known(struct suite *s) {
    struct error problem;
    struct str rest, line;
    if (!file_read(&s->arena, KNOWN_FAILURES, FILE_MAX, &rest, &problem)) {
        fprintf(stderr, "%s\n", problem.message);
        return false;
    }
    while (str_split_next(&rest, '\n', &line)) {
        line = str_trim(line);
        size_t space = str_find_char(line, ' ');
        if (line.len == 0 || line.ptr[0] == '#' || !str_eq(str_slice(line, 0, space), str_from(s->name))) continue;
        map_put(&s->arena, &s->known, str_slice(line, space + 1, line.len), s);
    }
    return true;
}

static bool draft_named(const char *name, enum schema_draft *draft) {
    static const char *const names[] = {"draft7", "draft2019-09", "draft2020-12"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *draft = (enum schema_draft)i;
        return true;
    }
    return false;
}

/* The suite in the folder of test data; false where the draft is not there. */
static bool find_suite(struct suite *s) {
    const char *data = getenv("VALUELINT_TESTDATA");
    if (!data) return false;
    s->folder = path_join(&s->arena, str_from(data), STR("json-schema-test-suite"));
    return file_kind(arena_printf(&s->arena, "%.*s/tests/%s", STR_ARG(s->folder), s->name).ptr) == FILE_FOLDER;
}

int main(int argc, char **argv) {
    struct suite s = {0};
    if ((argc != 2 && argc != 3) || !draft_named(argv[argc - 1], &s.draft)) {
        fprintf(stderr, "usage: conformance_schema [DIR] draft7|draft2019-09|draft2020-12\n");
        return 2;
    }
    s.name = argv[argc - 1];
    if (argc == 3) {
        s.folder = str_from(argv[1]);
    } else if (!find_suite(&s)) {
        printf("no json-schema-test-suite with %s below $VALUELINT_TESTDATA\n", s.name);
        arena_free(&s.arena);
        return 77;
    }
    if (!read_known(&s)) return 3;
    run_folder(&s, "");
    run_folder(&s, "optional/");
    run_folder(&s, "optional/format/");
    /* Other versions of the suite may not have a test: that is no failure. */
    unsigned absent = s.known.len - s.seen.len;
    if (absent) printf("note: %u known failures of %s are not in this suite\n", absent, s.name);
    if (s.expected) printf("SKIP known failures of %s: schema-known-failures.txt names them\n", s.name);
    printf("%u passed, %u failed, %u skipped\n", s.passed, s.failed, s.expected);
    bool good = s.failed == 0 && s.passed > 0;
    arena_free(&s.arena);
    return good ? 0 : 1;
}
