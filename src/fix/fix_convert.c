/* Templates of a chart whose values change their shape. A reference to the old place reads the new one through an
 * expression that gives the old value back, such as `(index .Values.gateways 0)`. Which one does is looked for among a
 * few kinds, by what the conversion makes of the values that are there; that it does is not argued but run: the chart
 * is rendered before and after, with each of its values files, and every byte has to be the same. Where none of the
 * kinds fits, a reference is of another form, or anything that is printed is unknown or differs, the move is held back.
 */
#include "base/file.h"
#include "config/convert.h"
#include "fix/fix_plan.h"
#include "render/render.h"
#include "value/json.h"

/* What one render may cost: far more than any chart that is known. */
#define STEPS_MAX UINT64_C(20000000)
#define BYTES_MAX (UINT64_C(64) << 20)

/* An old value, and what becomes of it. */
struct pair {
    const struct value *old;
    const struct value *now; /* by target */
};

struct inverse {
    struct fix_plan *plan;
    const struct legacy *legacy;
    struct str base; /* of the reference: `.Values`, `$.Values` */
    struct VEC(struct pair) pairs;
};

static bool is_identifier(struct str key) {
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return key.len > 0;
}

/* A string constant of Go. */
static struct str quoted(struct arena *a, struct str text) {
    struct buf out = buf_in(a);
    buf_add_char(&out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') buf_add(&out, STR("\\n"));
        else if (text.ptr[i] == '\t') buf_add(&out, STR("\\t"));
        else {
            if (text.ptr[i] == '"' || text.ptr[i] == '\\') buf_add_char(&out, '\\');
            buf_add_char(&out, text.ptr[i]);
        }
    }
    buf_add_char(&out, '"');
    return buf_str(&out);
}

/* How a template reads the target. */
static struct str target(const struct inverse *in, uint32_t index) {
    const struct schema_property *property = in->legacy->targets.items[index];
    struct buf out = buf_in(in->plan->arena);
    bool plain = true;
    for (uint32_t i = 0; i < property->key_count; i++) plain = plain && is_identifier(property->keys[i]);
    buf_addf(&out, plain ? "%.*s" : "(index %.*s", STR_ARG(in->base));
    for (uint32_t i = 0; i < property->key_count; i++) {
        buf_add_char(&out, plain ? '.' : ' ');
        buf_add(&out, plain ? property->keys[i] : quoted(in->plan->arena, property->keys[i]));
    }
    if (!plain) buf_add_char(&out, ')');
    return buf_str(&out);
}

/* A scalar as a template prints it. */
static struct str printed(const struct inverse *in, const struct value *v) {
    struct buf out = buf_in(in->plan->arena);
    if (v->kind == VALUE_STRING) return v->string;
    json_print_scalar(&out, v);
    return buf_str(&out);
}

static bool is_scalar(const struct value *v) {
    return v->kind != VALUE_MAP && v->kind != VALUE_LIST && v->kind != VALUE_NULL;
}

/* ---- Kinds of conversions, and the expressions that undo them: empty where it is none of the kind ---- */

static struct str undo_same(const struct inverse *in) {
    for (uint32_t i = 0; i < in->pairs.len; i++) {
        const struct pair *pair = &in->pairs.items[i];
        if (!is_scalar(pair->old) || !is_scalar(pair->now)) return STR("");
        if (!str_eq(printed(in, pair->old), printed(in, pair->now))) return STR("");
    }
    return target(in, 0);
}

static struct str undo_single(const struct inverse *in) {
    for (uint32_t i = 0; i < in->pairs.len; i++) {
        const struct value *now = in->pairs.items[i].now;
        if (now->kind != VALUE_LIST || now->list.len != 1 || !value_equal(&now->list.items[0], in->pairs.items[i].old))
            return STR("");
    }
    return arena_printf(in->plan->arena, "(index %.*s 0)", STR_ARG(target(in, 0)));
}

static bool is_joined(const struct inverse *in, const struct value *list, const struct value *text, struct str with) {
    struct buf out = buf_in(in->plan->arena);
    if (list->kind != VALUE_LIST || text->kind != VALUE_STRING) return false;
    for (uint32_t i = 0; i < list->list.len; i++) {
        if (list->list.items[i].kind != VALUE_STRING) return false;
        if (i) buf_add(&out, with);
        buf_add(&out, list->list.items[i].string);
    }
    return str_eq(buf_str(&out), text->string);
}

/* A list from a text, or a text from a list. */
static struct str undo_joined(const struct inverse *in) {
    static const struct str separators[] = {STR_INIT(","), STR_INIT(", "), STR_INIT(";"), STR_INIT(" "),
                                            STR_INIT(":"), STR_INIT("|"),  STR_INIT("\n")};
    for (size_t s = 0; s < sizeof separators / sizeof *separators; s++) {
        bool from_text = true, from_list = true;
        for (uint32_t i = 0; i < in->pairs.len; i++) {
            const struct pair *pair = &in->pairs.items[i];
            from_text = from_text && is_joined(in, pair->now, pair->old, separators[s]);
            from_list = from_list && is_joined(in, pair->old, pair->now, separators[s]);
        }
        if (from_text || from_list)
            return arena_printf(in->plan->arena, "(%s %.*s %.*s)", from_text ? "join" : "splitList",
                                STR_ARG(quoted(in->plan->arena, separators[s])), STR_ARG(target(in, 0)));
    }
    return STR("");
}

/* A unit behind the number or before it. */
static struct str undo_affix(const struct inverse *in) {
    struct str affix = STR("");
    bool suffix = true, prefix = true;
    for (uint32_t i = 0; i < in->pairs.len; i++) {
        const struct pair *pair = &in->pairs.items[i];
        if (!is_scalar(pair->old) || pair->now->kind != VALUE_STRING) return STR("");
        struct str old = printed(in, pair->old), now = pair->now->string;
        if (now.len <= old.len || old.len == 0) return STR("");
        bool starts = str_starts(now, old), ends = str_ends(now, old);
        struct str rest = starts ? str_slice(now, old.len, now.len) : str_slice(now, 0, now.len - old.len);
        if (i > 0 && !str_eq(rest, affix)) return STR("");
        affix = rest;
        suffix = suffix && starts;
        prefix = prefix && !starts && ends;
    }
    if (!suffix && !prefix) return STR("");
    return arena_printf(in->plan->arena, "(%s %.*s %.*s)", suffix ? "trimSuffix" : "trimPrefix",
                        STR_ARG(quoted(in->plan->arena, affix)), STR_ARG(target(in, 0)));
}

/* Another unit: so many times the number, or a whole part of it. */
static struct str undo_factor(const struct inverse *in) {
    int64_t up = 0, down = 0;
    for (uint32_t i = 0; i < in->pairs.len; i++) {
        const struct value *old = in->pairs.items[i].old, *now = in->pairs.items[i].now;
        if (old->kind != VALUE_INT || now->kind != VALUE_INT || old->integer == 0 || now->integer == 0) return STR("");
        int64_t one = now->integer % old->integer ? 0 : now->integer / old->integer;
        int64_t other = old->integer % now->integer ? 0 : old->integer / now->integer;
        if (i > 0 && one != up) one = 0;
        if (i > 0 && other != down) other = 0;
        up = one;
        down = other;
    }
    if (up > 1) return arena_printf(in->plan->arena, "(div %.*s %lld)", STR_ARG(target(in, 0)), (long long)up);
    if (down > 1) return arena_printf(in->plan->arena, "(mul %.*s %lld)", STR_ARG(target(in, 0)), (long long)down);
    return STR("");
}

/* The texts before, between and behind the parts in the old text; false where they are not its parts. */
static bool find_format(const struct inverse *in, const struct pair *pair, struct str *between) {
    struct str rest = pair->old->string;
    for (uint32_t i = 0; i < in->legacy->targets.len; i++) {
        if (!is_scalar(&pair->now[i])) return false;
        struct str part = printed(in, &pair->now[i]);
        size_t at = str_find(rest, part);
        if (part.len == 0 || at == rest.len) return false;
        between[i] = str_slice(rest, 0, at);
        rest = str_slice(rest, at + part.len, rest.len);
    }
    between[in->legacy->targets.len] = rest;
    return true;
}

static struct str undo_parts(const struct inverse *in) {
    struct arena *a = in->plan->arena;
    uint32_t count = in->legacy->targets.len;
    struct str *first = arena_array(a, struct str, count + 1), *other = arena_array(a, struct str, count + 1);
    struct buf format = buf_in(a), out = buf_in(a);
    for (uint32_t i = 0; i < in->pairs.len; i++) {
        if (in->pairs.items[i].old->kind != VALUE_STRING) return STR("");
        if (!find_format(in, &in->pairs.items[i], i ? other : first)) return STR("");
        for (uint32_t k = 0; i && k <= count; k++)
            if (!str_eq(first[k], other[k])) return STR("");
    }
    for (uint32_t i = 0; i <= count; i++) {
        if (str_find_char(first[i], '%') < first[i].len) return STR("");
        buf_add(&format, first[i]);
        if (i < count) buf_add(&format, STR("%v"));
    }
    buf_addf(&out, "(printf %.*s", STR_ARG(quoted(a, buf_str(&format))));
    for (uint32_t i = 0; i < count; i++) buf_addf(&out, " %.*s", STR_ARG(target(in, i)));
    buf_add_char(&out, ')');
    return buf_str(&out);
}

/* ---- References ---- */

/* What the values files hold at the old place, and what becomes of it. */
static void find_pairs(struct inverse *in, struct key_path from) {
    struct fix_plan *p = in->plan;
    uint32_t count = in->legacy->targets.len;
    for (uint32_t d = 0; d < p->docs.len; d++) {
        const struct value *old = fix_value(&p->docs.items[d]->values, from);
        struct value *now = arena_array(p->arena, struct value, count);
        struct str why;
        bool known = old && old->kind != VALUE_NULL;
        for (uint32_t i = 0; i < count && known; i++)
            known = convert_value(p->arena, in->legacy, i, old, &now[i], &why);
        if (known) vec_push(p->arena, &in->pairs, ((struct pair){old, now}));
    }
}

/* The expression that gives the old value back; empty where none is known. */
static struct str undo(struct fix_plan *p, const struct fix_move *move, struct str base) {
    static struct str (*const kinds[])(const struct inverse *) = {undo_same, undo_single, undo_joined, undo_affix,
                                                                  undo_factor};
    struct inverse in = {.plan = p, .legacy = move->legacy, .base = base};
    struct str found = STR("");
    find_pairs(&in, move->from);
    if (in.pairs.len == 0) return found;
    if (move->legacy->targets.len > 1) return undo_parts(&in);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && found.len == 0; i++) found = kinds[i](&in);
    return found;
}

/* The reference that is `.Values` with the keys of the old place and no more, around `span`. */
static const struct refs_reference *reference_at(const struct fix_template *file, struct span span,
                                                 struct key_path from) {
    const struct refs_found *found = &file->before->refs;
    for (uint32_t i = 0; i < found->refs.len; i++) {
        const struct refs_reference *reference = &found->refs.items[i];
        bool around = reference->span.start <= span.start && span.end <= reference->span.end;
        bool whole = reference->part_count == from.count && reference->tail_count == 0;
        if (around && whole && reference->shape == REFS_CHAIN && span_len(reference->values)) return reference;
    }
    return NULL;
}

static void refuse(struct fix_plan *p, const struct fix_template *file, const struct fix_move *move, struct span span,
                   struct str reason) {
    struct source *source = arena_new(p->arena, struct source);
    *source = (struct source){.path = file->source.path, .text = file->text};
    fix_refuse(p, PART_MOVE, move->from, source, span, reason);
}

void fix_follow_conversion(struct fix_plan *p, struct fix_template *file, const struct fix_move *move,
                           struct span edited) {
    const struct refs_reference *reference = file->holder ? NULL : reference_at(file, edited, move->from);
    if (fix_is_refused(p, PART_MOVE, move->from)) return;
    if (!reference) {
        refuse(p, file, move, edited, STR("the template reads the old value in a way that a conversion cannot follow"));
        return;
    }
    struct str base = span_text(file->text, span_make(reference->span.start, reference->values.end));
    struct str expression = undo(p, move, base);
    const struct edit *last = file->follow.len ? &file->follow.items[file->follow.len - 1] : NULL;
    if (expression.len == 0) {
        refuse(p, file, move, reference->span,
               STR("the template reads the old value, and no expression is known that gives it back"));
        return;
    }
    if (last && last->span.start == reference->span.start) return;
    vec_push(p->arena, &file->follow, ((struct edit){.span = reference->span, .text = expression}));
    vec_push(p->arena, &file->follow_moves, move);
    file->converted = true;
}

/* ---- The proof ---- */

static void add_text(struct fix_plan *p, struct file_texts *texts, struct str path, struct str text) {
    vec_push(p->arena, texts, ((struct file_text){path, text}));
}

/* What the chart prints with `values`, before the round or after it. False where it does not render, or what it prints
 * is not known: then `why` says so. */
static bool run(struct fix_plan *p, const struct value *values, bool after, uint8_t helm, struct str *out,
                struct str *why) {
    const struct chart_paths *paths = p->request->paths;
    struct file_texts texts = {NULL, 0, 0};
    struct go_env env = {.arena = p->arena, .budget = {STEPS_MAX, BYTES_MAX, 0}, .helm = helm, .texts = &texts};
    struct render_options options = {
        .chart = arena_str(p->arena, paths->folder.len ? paths->folder : STR(".")),
        .root = {.release = STR("release-name"), .name_space = STR("default")},
    };
    struct render_result result;
    struct buf json = buf_in(p->arena);
    json_write(&json, values, JSON_ONE_LINE);
    add_text(p, &texts, paths->values, buf_str(&json));
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        if (file->holder) continue;
        bool edited = after && file->follow.len;
        add_text(p, &texts, file->source.path, edited ? edits_apply(p->arena, file->text, &file->follow) : file->text);
    }
    if (!render_chart(&env, &options, &result)) {
        *why = arena_printf(p->arena, "the chart does not render %s: %.*s", after ? "with the conversion" : "as it is",
                            STR_ARG(result.message));
        return false;
    }
    *out = result.text.text;
    *why = STR("what the templates print is known at install time only");
    return go_known(&result.text);
}

/* The first line in which the outputs differ. */
static struct str difference(struct fix_plan *p, struct str before, struct str after) {
    struct str old = STR(""), now = STR("");
    bool more = true;
    while (more && str_eq(old, now)) {
        more = str_split_next(&before, '\n', &old);
        more = str_split_next(&after, '\n', &now) || more;
    }
    return arena_printf(p->arena, "with the conversion the chart prints `%.*s` in place of `%.*s`",
                        STR_ARG(str_trim(now)), STR_ARG(str_trim(old)));
}

/* Why what is printed with the values up to `doc` may not be the same; empty where it is. */
static struct str compare(struct fix_plan *p, const struct fix_doc *doc) {
    struct value before, after;
    fix_coalesce(p, doc, &before, &after);
    for (uint8_t helm = 3; helm <= 4; helm++) {
        struct str old = STR(""), now = STR(""), why = STR("");
        if (!run(p, &before, false, helm, &old, &why) || !run(p, &after, true, helm, &now, &why)) return why;
        if (!str_eq(old, now)) return difference(p, old, now);
    }
    return STR("");
}

void fix_prove_conversions(struct fix_plan *p) {
    struct str why = STR("");
    bool any = false;
    for (uint32_t i = 0; i < p->templates.files.len; i++) any = any || p->templates.files.items[i]->converted;
    if (!any) return;
    if (p->request->paths->values.len == 0) why = STR("without its values.yaml the chart cannot be rendered");
    for (uint32_t i = 0; i < p->docs.len && why.len == 0; i++) why = compare(p, p->docs.items[i]);
    for (uint32_t i = 0; i < p->templates.files.len && why.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        for (uint32_t k = 0; k < file->follow_moves.len; k++) {
            const struct fix_move *move = file->follow_moves.items[k];
            if (move && convert_is_needed(move->legacy)) refuse(p, file, move, file->follow.items[k].span, why);
        }
    }
}
