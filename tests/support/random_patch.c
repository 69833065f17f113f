#include "random_patch.h"

#include <stdlib.h>

#include "base/buf.h"
#include "check_document.h"
#include "patch/verify.h"
#include "value/json.h"
#include "value/pointer.h"
#include "yaml/helm.h"
#include "yaml/lex.h"

uint32_t dice_roll(struct dice *dice, uint32_t sides) {
    /* splitmix64 */
    uint64_t z = dice->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % sides;
}

/* A path to something in `values`, at random; `*found` becomes what is there. */
static struct str random_path(struct arena *a, struct dice *dice, const struct value *values,
                              const struct value **found) {
    struct step steps[64];
    uint32_t depth = 0;
    const struct value *value = values;
    while (depth < 64) {
        uint32_t len = value->kind == VALUE_MAP ? value->map.len : value->kind == VALUE_LIST ? value->list.len : 0;
        if (len == 0 || (depth > 0 && dice_roll(dice, 3) == 0)) break;
        uint32_t index = dice_roll(dice, len);
        const struct step *parent = depth ? &steps[depth - 1] : NULL;
        if (value->kind == VALUE_MAP) {
            struct str key = value->map.members[index].key;
            if (!key.ptr) key = STR("");
            steps[depth++] = (struct step){parent, key, 0};
            value = &value->map.members[index].value;
        } else {
            steps[depth++] = (struct step){parent, {NULL, 0}, index};
            value = &value->list.items[index];
        }
    }
    *found = value;
    return depth ? step_pointer(a, &steps[depth - 1]) : STR("");
}

static const char *const KEYS[] = {"new",       "http",    "port", "yes", "8080", "a b", "x~1y",
                                   "LOG_LEVEL", "deep/er", "",     "-",   "0",    "1"};
static const char *const TEXTS[] = {
    "text",        "yes", "1.10",    "",     "a: b",       "#x", " pad ", "it's",      "say \"x\"", "two\nlines",
    "caf\xC3\xA9", "~",   "{{ x }}", "a #b", "2024-01-01", "[x", "<<",    "tab\there", "null"};

static struct str pick(struct dice *dice, const char *const *words, size_t count) {
    return str_from(words[dice_roll(dice, (uint32_t)count)]);
}

static struct value random_value(struct arena *a, struct dice *dice, int depth) {
    bool found;
    struct value items[3];
    switch (dice_roll(dice, depth > 0 ? 8 : 5)) {
    case 0: return (struct value){.kind = VALUE_BOOL, .boolean = dice_roll(dice, 2)};
    case 1: return value_from_number((double)dice_roll(dice, 20000) / 4);
    case 2: return (struct value){.kind = VALUE_NULL};
    case 5: {
        struct value map = value_map_new(a, 3);
        for (uint32_t i = dice_roll(dice, 4); i > 0; i--) {
            struct member *member = value_map_put(&map, pick(dice, KEYS, 4), &found);
            member->value = random_value(a, dice, depth - 1);
        }
        return map;
    }
    case 6: {
        uint32_t len = dice_roll(dice, 4);
        for (uint32_t i = 0; i < len; i++) items[i] = random_value(a, dice, depth - 1);
        return value_from_items(a, items, len);
    }
    default: return value_from_string(pick(dice, TEXTS, sizeof TEXTS / sizeof *TEXTS));
    }
}

/* A place for something new. */
static struct str random_target(struct arena *a, struct dice *dice, const struct value *values) {
    const struct value *found = values;
    struct str path = dice_roll(dice, 4) ? random_path(a, dice, values, &found) : STR("");
    size_t cut = str_rfind_char(path, '/');
    if (found->kind != VALUE_MAP && found->kind != VALUE_LIST && cut < path.len && dice_roll(dice, 8))
        path = str_slice(path, 0, cut);
    for (uint32_t i = 1 + (dice_roll(dice, 4) == 0); i > 0; i--) {
        struct str key = pick(dice, KEYS, sizeof KEYS / sizeof *KEYS);
        path = arena_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(key));
    }
    return path;
}

/* Operations that meet: children of one map move to one place, or go; or new entries come to one map. */
static uint32_t random_burst(struct arena *a, struct dice *dice, const struct value *values,
                             struct patch_operation *operations, uint32_t count) {
    static const enum patch_kind kinds[] = {PATCH_MOVE, PATCH_MOVE, PATCH_MOVE, PATCH_REMOVE, PATCH_ADD, PATCH_COPY};
    enum patch_kind kind = kinds[dice_roll(dice, sizeof kinds / sizeof *kinds)];
    const struct value *found = values;
    struct str path = dice_roll(dice, 3) ? random_path(a, dice, values, &found) : STR("");
    struct str target = dice_roll(dice, 3) ? STR("/made") : random_target(a, dice, values);
    bool heading = dice_roll(dice, 3) == 0, flag = dice_roll(dice, 2);
    uint32_t made = 0, len = found->kind == VALUE_MAP ? found->map.len : 0;
    if (kind == PATCH_ADD) len = 6;
    for (uint32_t i = 0; i < len && made < count; i++) {
        struct patch_operation *operation = &operations[made];
        struct str key = kind == PATCH_ADD ? pick(dice, KEYS, sizeof KEYS / sizeof *KEYS) : found->map.members[i].key;
        struct value *value = arena_new(a, struct value);
        if (dice_roll(dice, 8) == 0) continue;
        *value = random_value(a, dice, 2);
        struct step step = {NULL, key.ptr ? key : STR(""), 0};
        key = step_pointer(a, &step);
        *operation = (struct patch_operation){.kind = kind, .value = value, .prune = flag, .keep_comments = !flag};
        operation->from = arena_printf(a, "%.*s%.*s", STR_ARG(path), STR_ARG(key));
        operation->path = operation->from;
        if (kind == PATCH_MOVE || kind == PATCH_COPY)
            operation->path = arena_printf(a, "%.*s%.*s", STR_ARG(target), STR_ARG(key));
        if (heading) operation->heading = STR("A heading");
        made++;
    }
    return made;
}

struct patch_operation *random_operations(struct arena *a, struct dice *dice, const struct value *values,
                                          uint32_t count) {
    static const enum patch_kind kinds[] = {PATCH_ADD,  PATCH_ADD,  PATCH_REMOVE, PATCH_REPLACE, PATCH_MOVE,
                                            PATCH_MOVE, PATCH_MOVE, PATCH_COPY,   PATCH_RENAME};
    struct patch_operation *operations = arena_array(a, struct patch_operation, count);
    for (uint32_t i = 0; i < count; i++) {
        if (dice_roll(dice, 4) == 0) i += random_burst(a, dice, values, operations + i, count - i);
        if (i == count) break;
        struct patch_operation *operation = &operations[i];
        const struct value *found;
        struct value *value = arena_new(a, struct value);
        *value = random_value(a, dice, 2);
        operation->kind = kinds[dice_roll(dice, sizeof kinds / sizeof *kinds)];
        operation->value = value;
        operation->path = random_path(a, dice, values, &found);
        operation->from = random_path(a, dice, values, &found);
        operation->key = pick(dice, KEYS, sizeof KEYS / sizeof *KEYS);
        operation->as_string = dice_roll(dice, 4) == 0;
        operation->prune = dice_roll(dice, 2);
        operation->keep_comments = dice_roll(dice, 2);
        if (operation->kind == PATCH_ADD || operation->kind == PATCH_MOVE || operation->kind == PATCH_COPY)
            operation->path = random_target(a, dice, values);
        if (dice_roll(dice, 4) == 0) operation->heading = STR("A heading");
    }
    return operations;
}

struct str random_words(struct arena *a, const struct patch_operation *operation) {
    static const char *const names[] = {"add", "remove", "replace", "move", "copy", "test", "rename"};
    struct buf out = buf_in(a);
    buf_addf(&out, "%s %.*s", names[operation->kind], STR_ARG(operation->path));
    if (operation->kind == PATCH_MOVE || operation->kind == PATCH_COPY)
        buf_addf(&out, " from %.*s", STR_ARG(operation->from));
    if (operation->kind == PATCH_RENAME) buf_addf(&out, " to %.*s", STR_ARG(operation->key));
    if (operation->kind == PATCH_ADD || operation->kind == PATCH_REPLACE) {
        buf_add(&out, STR(" value "));
        json_write(&out, operation->value, JSON_ONE_LINE);
    }
    if (operation->as_string) buf_add(&out, STR(" asString"));
    if (operation->prune) buf_add(&out, STR(" prune"));
    if (operation->keep_comments) buf_add(&out, STR(" keepComments"));
    if (operation->heading.len) buf_add(&out, STR(" heading"));
    buf_add_char(&out, '\0');
    return buf_str(&out);
}

static uint32_t find_comment(const struct str *comments, uint32_t count, struct str text) {
    uint32_t i = 0;
    while (i < count && !str_eq(comments[i], text)) i++;
    return i;
}

/* Whether each comment of `before` stands in `after`, as often as there. */
static bool has_comments(struct arena *a, const struct tree *before, const struct tree *after) {
    struct spans old = {NULL, 0, 0}, new = {NULL, 0, 0};
    yaml_lex_comments(a, before, &old);
    yaml_lex_comments(a, after, &new);
    struct str *left = arena_array(a, struct str, new.len);
    for (uint32_t i = 0; i < new.len; i++) left[i] = str_trim(span_text(after->source->text, new.items[i]));
    for (uint32_t i = 0; i < old.len; i++) {
        uint32_t at = find_comment(left, new.len, str_trim(span_text(before->source->text, old.items[i])));
        if (at == new.len) return false;
        left[at] = STR("");
    }
    return true;
}

/* Ranks by the first letter, for every other list of operations. */
static uint32_t rank_letters(void *user, const struct str *keys, uint32_t count) {
    (void)user;
    char first = keys[count - 1].len ? keys[count - 1].ptr[0] : 'z';
    return first > 'm' ? UINT32_MAX : (uint32_t)first;
}

static const struct patch_guide *random_guide(uint32_t count) {
    static const struct patch_guide guide = {NULL, rank_letters, NULL};
    return count % 2 ? NULL : &guide;
}

static int compare_lines(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The lines of the text without what additions take from what stands around them: the kind of quotes, the empty lines,
 * and the place among the others. */
static struct str without_habit(struct arena *a, struct str text) {
    struct VEC(struct str) lines = {NULL, 0, 0};
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        char *copy = arena_alloc(a, line.len + 1);
        for (size_t i = 0; i < line.len; i++) copy[i] = line.ptr[i] == '\'' ? '"' : line.ptr[i];
        if (str_trim(line).len) vec_push(a, &lines, ((struct str){copy, line.len}));
    }
    if (lines.len) qsort(lines.items, lines.len, sizeof *lines.items, compare_lines);
    struct buf b = buf_in(a);
    for (uint32_t i = 0; i < lines.len; i++) {
        buf_add(&b, lines.items[i]);
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

/* Whether several of the operations put something somewhere. */
static bool puts_several(const struct patch_operation *operations, const struct patch_outcome *outcomes,
                         uint32_t count) {
    uint32_t puts = 0;
    for (uint32_t i = 0; i < count; i++) {
        enum patch_kind kind = operations[i].kind;
        bool puts_one = kind == PATCH_ADD || kind == PATCH_MOVE || kind == PATCH_COPY;
        puts += puts_one && outcomes[i].state == PATCH_DONE;
    }
    return puts > 1;
}

/* Whether two texts are the same but for the habit, where additions are planned together, which do not see each other.
 * That nothing of a value is lost is seen by the values. */
static bool is_same_text(struct arena *a, struct str x, struct str y, bool exactly) {
    return exactly ? str_eq(x, y) : str_eq(without_habit(a, x), without_habit(a, y));
}

/* Whether a run for each operation does the same as the one for all of them, to the byte save for the habit, and a
 * document that follows each run's edits is what its text holds. Not comparable where one alone is found to be done
 * wrongly: among others, it is found out only where they do not make up for it. */
static const char *check_each(struct arena *a, const struct source *source, const struct tree *tree,
                              const struct patch_operation *operations, uint32_t count, bool strict,
                              const struct patch_result *all) {
    struct source now = *source;
    struct yaml_document document;
    yaml_document_open(a, tree, &document);
    for (uint32_t i = 0; i < count; i++) {
        struct patch_result result;
        if (!patch_run(a, &now, &operations[i], 1, random_guide(count), &result)) return "a text is lost";
        if (result.outcomes[0].state == PATCH_BROKEN) return strict ? "broken when alone" : NULL;
        if (result.outcomes[0].state != all->outcomes[i].state)
            return arena_printf(a, "operation %u alone has another outcome", i + 1).ptr;
        if (!yaml_document_follow(a, &document, &result.edits)) return "no document follows the edits";
        const char *wrong = check_document(a, &document);
        if (wrong) return arena_printf(a, "a document that follows operation %u differs: %s", i + 1, wrong).ptr;
        now.text = result.text;
    }
    if (is_same_text(a, now.text, all->text, !puts_several(operations, all->outcomes, count))) return NULL;
    return arena_printf(a, "one by one, the operations make\n%.*s\ninstead of\n%.*s", STR_ARG(now.text),
                        STR_ARG(all->text))
        .ptr;
}

/* Whether a run on what was read already has the same outcome, told the right model or a wrong one. */
static const char *check_read(struct arena *a, const struct tree *tree, const struct value *values,
                              const struct patch_operation *operations, uint32_t count,
                              const struct patch_result *all) {
    const struct value *models[] = {all->values, values};
    for (int m = 0; m < 2; m++) {
        struct patch_result result;
        patch_run_read(a, tree, values, models[m], operations, count, random_guide(count), &result);
        for (uint32_t i = 0; i < count; i++)
            if (result.outcomes[i].state != all->outcomes[i].state)
                return arena_printf(a, "told the model %d, operation %u has another outcome", m, i + 1).ptr;
        if (!str_eq(result.text, all->text))
            return arena_printf(a, "told the model %d, the operations make\n%.*s", m, STR_ARG(result.text)).ptr;
    }
    return NULL;
}

const char *random_check(struct arena *a, const struct source *source, const struct patch_operation *operations,
                         uint32_t count, bool strict, uint32_t *done) {
    struct patch_result result;
    struct tree tree, after;
    struct yaml_issue issue;
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values, new_values, step;
    bool comparable = true, drops = false;

    bool good = patch_run(a, source, operations, count, random_guide(count), &result);
    *done = result.done;
    if (!str_eq(edits_apply(a, source->text, &result.edits), result.text)) return "the edits do not make the text";
    struct edits inverse = edits_invert(a, source->text, &result.edits);
    if (!str_eq(edits_apply(a, result.text, &inverse), source->text)) return "the edits cannot be undone";
    if (result.done == 0 && result.edits.len) return "the text changed, but nothing was done";
    for (uint32_t i = 0; i < count; i++) {
        if (result.outcomes[i].state == PATCH_BROKEN && strict)
            return arena_printf(a, "broken: %.*s", STR_ARG(result.outcomes[i].reason)).ptr;
        if ((result.outcomes[i].state == PATCH_DONE) != (result.outcomes[i].reason.len == 0))
            return "a reason too many or too few";
    }
    if (!good) return result.done || result.tree ? "done on a text that Helm does not load" : NULL;
    if (!tree_parse(a, source, &tree, &issue) || !helm_values(a, &tree, &values, &issues))
        return "the first text is no values file";
    const char *differs = check_each(a, source, &tree, operations, count, strict, &result);
    if (!differs) differs = check_read(a, &tree, &values, operations, count, &result);
    if (differs) return differs;
    struct source new_source = {.path = source->path, .text = result.text};
    if (!tree_parse(a, &new_source, &after, &issue)) return "the new text is no YAML";
    if (!helm_values(a, &after, &new_values, &issues)) return "Helm does not load the new text";
    for (uint32_t i = 0; i < count; i++) {
        if (result.outcomes[i].state != PATCH_DONE) continue;
        bool removes = operations[i].kind == PATCH_REMOVE && !operations[i].keep_comments;
        drops = drops || removes || operations[i].kind == PATCH_REPLACE || operations[i].kind == PATCH_ADD;
        /* A value that an operation before put there has no text in the first tree. */
        if (!verify_expect(a, &tree, &values, &operations[i], &step)) comparable = false;
        else values = step;
    }
    if (comparable && !value_equal(&values, &new_values)) return "the new text has other values than it should";
    if (!str_eq(result.tree->source->text, result.text) || !value_equal(result.values, &new_values))
        return "the tree and the values are not those of the new text";
    if (!drops && !has_comments(a, &tree, &after)) return "a comment is lost";
    return NULL;
}
