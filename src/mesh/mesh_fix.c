/* A finding says what is meant by its help: "did you mean `x`?". The word that is near to it, within the scalar or the
 * key that the finding points to, is replaced; quotes and everything around it stay, so that nothing can be lost. What
 * comes out is parsed, and must be what was there but for the places that were changed. */
#include "mesh/mesh_fix.h"

#include "base/ascii.h"
#include "base/fuzzy.h"
#include "yaml/helm.h"

static const char BEFORE[] = "did you mean `";

static struct str meant_by(const struct finding *finding) {
    struct str help = finding->help;
    if (!str_starts(help, str_from(BEFORE))) return STR("");
    help = str_slice(help, sizeof BEFORE - 1, help.len);
    size_t end = str_find_char(help, '`');
    bool plain = end < help.len && end > 0;
    for (size_t i = 0; i < end && plain; i++)
        plain = ascii_is_alnum(help.ptr[i]) || strchr("-._/", help.ptr[i]) != NULL;
    return plain ? str_slice(help, 0, end) : STR("");
}

static bool is_number(struct str s) {
    bool digits = s.len > 0;
    for (size_t i = 0; i < s.len; i++) digits = digits && ascii_is_digit(s.ptr[i]);
    return digits;
}

static bool is_name_byte(char c) {
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* The part of `text` between separators that is nearest to `meant`; the whole where that is as near. False where two
 * are. */
static bool find_part(struct str text, struct str meant, size_t *from, size_t *to) {
    bool quoted = text.len > 1 && (text.ptr[0] == '"' || text.ptr[0] == '\'');
    unsigned best = 4, count = 0;
    struct str inner = quoted ? str_slice(text, 1, text.len - 1) : text;
    unsigned whole = fuzzy_distance(inner, meant, 3);
    *from = quoted;
    *to = text.len - quoted;
    bool protocol = str_eq(meant, STR("gRPC")) || str_eq(meant, STR("HTTP/1")); /* of a Server: one for another */
    if ((is_number(inner) && is_number(meant)) || whole <= 3 || protocol) return inner.len > 0;
    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;
        while (end < text.len && is_name_byte(text.ptr[end])) end++;
        if (end == i) continue;
        unsigned distance = fuzzy_distance(str_slice(text, i, end), meant, 3);
        if (distance == best) count++;
        if (distance < best) {
            best = distance;
            count = 1;
            *from = i;
            *to = end;
        }
        i = end;
    }
    return best < 4 && best > 0 && count == 1;
}

/* A rule that a `-` too many made of two: its `-` becomes a space. */
static bool join_rules(const struct lint_file *file, const struct finding *finding, struct edit *edit) {
    struct str text = file->source.text;
    size_t at = finding->span.start;
    while (at > 0 && text.ptr[at - 1] != '\n') at--;
    while (at < finding->span.start && text.ptr[at] == ' ') at++;
    if (text.ptr[at] != '-' || at + 1 >= text.len || text.ptr[at + 1] != ' ') return false;
    edit->span = span_make(at, at + 1);
    edit->text = STR(" ");
    return true;
}

static bool edit_of(const struct lint_file *file, const struct finding *finding, struct edit *edit) {
    if (str_eq(finding->check->id, STR("VL830"))) return join_rules(file, finding, edit);
    struct str meant = meant_by(finding), text = span_text(file->source.text, finding->span);
    size_t from, to;
    if (meant.len == 0 || text.len == 0 || str_find_char(text, '\n') < text.len) return false;
    if (!find_part(text, meant, &from, &to)) return false;
    edit->span = span_make(finding->span.start + from, finding->span.start + to);
    edit->text = meant;
    return true;
}

/* ---- the proof ---- */

static bool same_but(const struct value *old, const struct value *new, const struct edits *edits);

/* Whether the items of `new` are those of `old`, of which two neighbours, mappings, became one. */
static bool is_joined(const struct value_list *old, const struct value_list *new, const struct edits *edits) {
    uint32_t n = 0;
    bool joined = false;
    for (uint32_t i = 0; i < old->len; i++, n++) {
        const struct value *one = &old->items[i], *other = i + 1 < old->len ? &old->items[i + 1] : NULL;
        if (n >= new->len) return false;
        const struct value *is = &new->items[n];
        if (same_but(one, is, edits)) continue;
        if (joined || !other || one->kind != VALUE_MAP || other->kind != VALUE_MAP || is->kind != VALUE_MAP)
            return false;
        if (is->map.len != one->map.len + other->map.len) return false;
        for (uint32_t k = 0; k < is->map.len; k++) {
            const struct member *member = &is->map.members[k];
            const struct value *from = value_get(one, member->key), *too = value_get(other, member->key);
            if (!(from && value_equal(from, &member->value)) && !(too && value_equal(too, &member->value)))
                return false;
        }
        joined = true;
        i++;
    }
    return n == new->len;
}

static bool is_edited(const struct edits *edits, struct span span) {
    for (uint32_t i = 0; i < edits->len; i++)
        if (edits->items[i].span.start <= span.end && span.start <= edits->items[i].span.end) return true;
    return false;
}

static bool same_but(const struct value *old, const struct value *new, const struct edits *edits) {
    bool inner = old->kind == VALUE_MAP || old->kind == VALUE_LIST;
    if (!inner)
        return is_edited(edits, old->span) ? new->kind != VALUE_MAP &&new->kind != VALUE_LIST : value_equal(old, new);
    if (old->kind != new->kind) return false;
    if (old->kind == VALUE_LIST) {
        if (old->list.len == new->list.len + 1) return is_joined(&old->list, &new->list, edits);
        if (old->list.len != new->list.len) return false;
        for (uint32_t i = 0; i < old->list.len; i++)
            if (!same_but(&old->list.items[i], &new->list.items[i], edits)) return false;
        return true;
    }
    if (old->map.len != new->map.len) return false;
    for (uint32_t i = 0; i < old->map.len; i++) {
        const struct member *one = &old->map.members[i], *other = &new->map.members[i];
        if (!str_eq(one->key, other->key) && !is_edited(edits, one->key_span)) return false;
        if (!same_but(&one->value, &other->value, edits)) return false;
    }
    return true;
}

static bool read_documents(struct arena *a, struct str text, struct helm_documents *documents) {
    struct source *source = arena_new(a, struct source);
    struct tree *tree = arena_new(a, struct tree);
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue broken;
    *source = (struct source){.text = text};
    return tree_parse(a, source, tree, &broken) && helm_documents(a, tree, documents, &issues);
}

static bool is_proven(struct arena *a, struct str text, const struct edits *edits) {
    struct helm_documents old = {NULL, 0, 0}, new = {NULL, 0, 0};
    if (!read_documents(a, text, &old) || !read_documents(a, edits_apply(a, text, edits), &new)) return false;
    if (old.len != new.len) return false;
    for (uint32_t i = 0; i < old.len; i++)
        if (!same_but(&old.items[i], &new.items[i], edits)) return false;
    return true;
}

/* ---- what is offered ---- */

void mesh_mark_fixes(struct arena *a, struct lint_file *file) {
    for (uint32_t i = 0; i < file->findings.len; i++) {
        struct finding *finding = &file->findings.items[i];
        struct edits edits = {NULL, 0, 0};
        struct edit edit;
        if (!edit_of(file, finding, &edit)) continue;
        vec_push(a, &edits, edit);
        if (!is_proven(a, file->source.text, &edits)) continue;
        finding->fix = FIX_UNSAFE;
        bool joins = str_eq(edit.text, STR(" "));
        finding->fix_does =
            joins ? STR("makes one rule of both") : arena_printf(a, "writes `%.*s`", STR_ARG(edit.text));
    }
}

bool mesh_fixes_of(struct arena *a, const struct lint_file *file, struct edits *edits) {
    *edits = (struct edits){NULL, 0, 0};
    for (uint32_t i = 0; i < file->findings.len; i++) {
        struct edit edit;
        bool known = false;
        if (file->findings.items[i].fix != FIX_UNSAFE || !edit_of(file, &file->findings.items[i], &edit)) continue;
        for (uint32_t k = 0; k < edits->len; k++) known = known || edits->items[k].span.start == edit.span.start;
        if (!known) vec_push(a, edits, edit);
    }
    return edits->len && edits_settle(a, edits) && is_proven(a, file->source.text, edits);
}
