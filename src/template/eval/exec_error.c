/* Errors in Helm's own words: template: NAME:LINE:COLUMN: executing "TEMPLATE" at <WORDS>: CAUSE. */
#include "template/eval/interpreter.h"

/* How much of the stack the interpreter may use where nobody says. */
#define STACK_MAX ((ptrdiff_t)6 << 20)

struct template_place template_place_of(const struct template_source *source, uint32_t offset) {
    struct template_place place = {1, 1};
    for (uint32_t i = 0; i < offset && i < source->text.len; i++) {
        place.column++;
        if (source->text.ptr[i] == '\n') place = (struct template_place){place.line + 1, 1};
    }
    return place;
}

void exec_at_word(struct interpreter *in, const struct tmpl_arg *arg) {
    uint32_t own = arg->kind == TMPL_FIELD ? 1 : 0;
    exec_at(in, arg->span);
    if (arg->field_count > own) in->point = arg->fields[own].span.start;
}

const struct go_site *site_here(struct interpreter *in) {
    struct go_site *site = arena_new(in->arena, struct go_site);
    *site = (struct go_site){in->source, in->at.start, in->at.end, in->caller};
    return site;
}

/* A chain of calls that is longer than this, in bytes, is not named any further. */
#define TEXT_LENGTH_MAX 16384u

static struct str whole_text(struct interpreter *in, struct str cause) {
    if (cause.len > TEXT_LENGTH_MAX) return cause;
    struct template_place place = template_place_of(in->source, in->point);
    struct str context = span_text(in->source->text, in->at);
    return arena_printf(in->arena, "template: %.*s:%u:%u: executing \"%.*s\" at <%.*s>: %.*s",
                        STR_ARG(in->source->name), place.line, place.column - 1, STR_ARG(in->name), STR_ARG(context),
                        STR_ARG(cause));
}

bool exec_fail(struct interpreter *in, enum template_failure failure, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct str message = arena_vprintf(in->arena, format, args);
    va_end(args);
    in->error = (struct template_error){failure, message, whole_text(in, message), site_here(in)};
    return false;
}

/* Which kind of failure it is when `name` fails. */
static enum template_failure failure_of(const char *name) {
    static const struct {
        const char *name;
        enum template_failure failure;
    } KINDS[] = {
        {"required", TEMPLATE_REQUIRED}, {"fail", TEMPLATE_FAIL},  {"index", TEMPLATE_INDEX}, {"slice", TEMPLATE_INDEX},
        {"len", TEMPLATE_LENGTH},        {"eq", TEMPLATE_COMPARE}, {"ne", TEMPLATE_COMPARE},  {"lt", TEMPLATE_COMPARE},
        {"le", TEMPLATE_COMPARE},        {"gt", TEMPLATE_COMPARE}, {"ge", TEMPLATE_COMPARE},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].name, name) == 0) return KINDS[i].failure;
    }
    return TEMPLATE_FUNCTION;
}

bool exec_call_failed(struct interpreter *in, const char *name, struct str text) {
    struct str cause = text;
    if (text.len <= TEXT_LENGTH_MAX) cause = arena_printf(in->arena, "error calling %s: %.*s", name, STR_ARG(text));
    if (in->error.failure == TEMPLATE_OK) {
        enum template_failure failure = failure_of(name);
        bool own = failure == TEMPLATE_REQUIRED || failure == TEMPLATE_FAIL;
        in->error = (struct template_error){failure, own ? text : cause, cause, site_here(in)};
    }
    in->error.text = whole_text(in, cause);
    return false;
}

bool exec_step(struct interpreter *in) {
    char here;
    ptrdiff_t used = in->stack - &here, stack = in->env->budget.stack;
    if (stack == 0) stack = STACK_MAX;
    if (in->env->budget.steps == 0) return exec_fail(in, TEMPLATE_CUT_OFF, "it takes too many steps");
    if (in->env->budget.bytes == 0) return exec_fail(in, TEMPLATE_CUT_OFF, "it makes too much text");
    if (used > stack || used < -stack) return exec_fail(in, TEMPLATE_CUT_OFF, "it nests too deeply");
    in->env->budget.steps--;
    return true;
}
