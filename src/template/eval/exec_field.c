/* Fields of values: methods first, then fields of structs and keys of maps. */
#include "template/eval/interpreter.h"

const struct go_function *find_method(const struct go_type *type, struct str name) {
    for (const struct go_function *method = type->methods; method && method->name; method++) {
        if (str_eq(str_from(method->name), name)) return method;
    }
    return NULL;
}

/* What a missing key of a map of this type gives. */
static struct go_value zero_element(struct interpreter *in, const struct go_type *elem) {
    if (!elem) return (struct go_value){.type = &GO_TYPE_NIL_KEPT};
    if (elem->kind == GO_MAP) return go_map(in->env, elem, 0);
    return (struct go_value){.type = elem};
}

/* The place that a missing key would have. */
static const struct go_runs *missing_place(struct interpreter *in, const struct go_value *map, struct str key) {
    if (!in->env->trace || !map->runs || !map->runs->items[0].paths) return NULL;
    const struct go_paths *paths = map->runs->items[0].paths;
    return paths->count == 1 ? go_path_new(in->env, paths->items[0], key)->runs : NULL;
}

static struct go_value map_member(struct interpreter *in, const struct go_value *receiver, struct str key) {
    const struct go_value *found = go_map_get(receiver->map, key);
    if (found) {
        reads_mark(in->env, found, VALUE_PATH_READ);
        return *found;
    }
    if (in->env->reads) reads_mark_missing(in->env, receiver, key, site_here(in));
    if (receiver->map->open) return go_hole_like(in->env, &GO_TYPE_HOLE, receiver->map->hole);
    struct go_value missing = zero_element(in, receiver->type->elem);
    missing.runs = missing_place(in, receiver, key);
    return missing;
}

static const struct go_value *struct_field(const struct go_value *receiver, struct str name) {
    for (uint32_t i = 0; i < receiver->type->field_count; i++) {
        if (str_eq(receiver->type->fields[i].name, name)) return &receiver->object.fields[i];
    }
    return NULL;
}

struct hop {
    struct str name;
    struct str type; /* of the receiver, as Go names it in errors */
    const struct tmpl_command *command;
    const struct go_value *final;
};

static bool no_field(struct interpreter *in, const struct hop *hop) {
    return exec_fail(in, TEMPLATE_NO_FIELD, "can't evaluate field %.*s in type %.*s", STR_ARG(hop->name),
                     STR_ARG(hop->type));
}

static bool eval_field(struct interpreter *in, const struct go_value *dot, const struct go_value *receiver,
                       const struct hop *hop, struct go_value *out) {
    enum go_kind kind = go_kind(receiver);
    if (kind == GO_NIL) {
        *out = go_nil();
        return true;
    }
    if (kind == GO_NIL_KEPT)
        return exec_fail(in, TEMPLATE_NIL_POINTER, "nil pointer evaluating %.*s.%.*s", STR_ARG(hop->type),
                         STR_ARG(hop->name));
    if (kind == GO_HOLE) {
        *out = go_hole_like(in->env, &GO_TYPE_HOLE, receiver->hole);
        return true;
    }
    const struct go_function *method = find_method(receiver->type, hop->name);
    if (method) return eval_call(in, dot, method, receiver, hop->command, hop->final, out);
    bool has_arguments = (hop->command && hop->command->arg_count > 1) || hop->final;
    if (kind == GO_STRUCT) {
        const struct go_value *field = struct_field(receiver, hop->name);
        if (!field) return no_field(in, hop);
        if (has_arguments)
            return exec_fail(in, TEMPLATE_ARGUMENTS, "%.*s has arguments but cannot be invoked as function",
                             STR_ARG(hop->name));
        *out = *field;
        return true;
    }
    if (kind != GO_MAP) return no_field(in, hop);
    if (has_arguments)
        return exec_fail(in, TEMPLATE_ARGUMENTS, "%.*s is not a method but has arguments", STR_ARG(hop->name));
    *out = map_member(in, receiver, hop->name);
    return true;
}

bool eval_fields(struct interpreter *in, const struct go_value *dot, struct go_value receiver,
                 const struct tmpl_field *fields, uint32_t count, const struct tmpl_command *command,
                 const struct go_value *final, struct go_value *out) {
    struct span at = in->at;
    uint32_t point = in->point;
    bool in_interface = false;
    for (uint32_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        struct hop hop = {.name = fields[i].name,
                          .type = in_interface || go_is_nil(&receiver) ? STR("interface {}") : receiver.type->name,
                          .command = last ? command : NULL,
                          .final = last ? final : NULL};
        struct go_value from = receiver;
        exec_at(in, at);
        in->point = point;
        if (!eval_field(in, dot, &from, &hop, &receiver)) return false;
        in_interface = go_kind(&from) == GO_MAP && !from.type->elem;
    }
    *out = receiver;
    return true;
}
