/* Prints what is in force for one chart, and from where each setting comes, as YAML. */
#include "base/file.h"
#include "base/path.h"
#include "cli/session.h"
#include "value/json.h"

/* Column at which the origins stand. */
#define ORIGIN_COLUMN 44

static void add_line(struct buf *out, struct str line, struct str from) {
    buf_add(out, line);
    if (from.len) {
        buf_add_repeat(out, ' ', line.len < ORIGIN_COLUMN ? ORIGIN_COLUMN - line.len : 1);
        buf_addf(out, "# %.*s", STR_ARG(from));
    }
    buf_add_char(out, '\n');
}

static void add_rules(struct arena *a, struct buf *out, const struct settings *settings) {
    add_line(out, STR("  rules:"), STR(""));
    for (uint32_t i = 0; i < settings->rules->rules.len; i++) {
        const struct check *check = &settings->rules->rules.items[i]->check;
        bool on = settings->enabled[i];
        struct str severity = on ? severity_name(settings->severity[i]) : STR("off");
        struct str name = arena_printf(a, "%.*s (%.*s)", STR_ARG(check->id), STR_ARG(check->name));
        bool changed = settings->severity[i] != check->severity;
        add_line(out, arena_printf(a, "    %.*s: %.*s", STR_ARG(name), STR_ARG(severity)),
                 on && changed ? settings->severity_from[i] : settings->enabled_from[i]);
    }
}

static void add_settings(struct arena *a, struct buf *out, struct str folder, const struct settings *settings) {
    struct str schema = settings->schema.value.len ? settings->schema.value : STR("built-in");
    struct str baseline = settings->baseline.value.len ? settings->baseline.value : STR("none");
    struct str mesh = settings->mesh.value.len ? settings_mesh_text(a, settings) : STR("none");
    struct str config = settings->config.len ? settings->config : STR("none");
    add_line(out, arena_printf(a, "%.*s:", STR_ARG(folder)), STR(""));
    add_line(out, arena_printf(a, "  configuration: %.*s", STR_ARG(config)), STR(""));
    add_line(out, arena_printf(a, "  schema: %.*s", STR_ARG(schema)), settings->schema.from);
    add_line(out, arena_printf(a, "  baseline: %.*s", STR_ARG(baseline)), settings->baseline.from);
    add_line(out, arena_printf(a, "  mesh: %.*s", STR_ARG(mesh)), settings->mesh.from);
    if (settings->templates.len) add_line(out, STR("  templates:"), STR(""));
    for (uint32_t i = 0; i < settings->templates.len; i++) {
        const struct setting *setting = &settings->templates.items[i];
        add_line(out, arena_printf(a, "    - %.*s", STR_ARG(setting->value)), setting->from);
    }
    add_line(out, STR("  variables:"), STR(""));
    for (uint32_t i = 0; i < settings->variables.len; i++) {
        const struct setting *setting = settings->variables.entries[i].value;
        add_line(
            out,
            arena_printf(a, "    %.*s: \"%.*s\"", STR_ARG(settings->variables.entries[i].key), STR_ARG(setting->value)),
            setting->from);
    }
    add_line(out, settings->optional.len ? STR("  optional:") : STR("  optional: []"),
             settings->optional.len ? STR("") : STR("default"));
    for (uint32_t i = 0; i < settings->optional.len; i++) {
        const struct setting *setting = &settings->optional.items[i];
        add_line(out, arena_printf(a, "    - %.*s", STR_ARG(setting->value)), setting->from);
    }
    add_rules(a, out, settings);
}

static void add_member(struct buf *out, const char *name, struct str text) {
    buf_addf(out, "\"%s\": ", name);
    if (text.len) json_write_string(out, text);
    else buf_add(out, STR("null"));
}

static void add_setting(struct buf *out, const struct setting *setting) {
    buf_add_char(out, '{');
    add_member(out, "value", setting->value);
    buf_add(out, STR(", "));
    add_member(out, "from", setting->from);
    buf_add_char(out, '}');
}

static void add_list(struct buf *out, const char *name, const struct setting *items, uint32_t count) {
    buf_addf(out, ",\n  \"%s\": [", name);
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_add(out, STR(", "));
        add_setting(out, &items[i]);
    }
    buf_add_char(out, ']');
}

static void add_json_rules(struct buf *out, const struct settings *settings) {
    buf_add(out, STR(",\n  \"rules\": ["));
    for (uint32_t i = 0; i < settings->rules->rules.len; i++) {
        const struct check *check = &settings->rules->rules.items[i]->check;
        bool on = settings->enabled[i], changed = settings->severity[i] != check->severity;
        buf_add(out, i ? STR(",\n    {") : STR("\n    {"));
        add_member(out, "id", check->id);
        buf_add(out, STR(", "));
        add_member(out, "name", check->name);
        buf_add(out, STR(", "));
        add_member(out, "severity", on ? severity_name(settings->severity[i]) : STR("off"));
        buf_add(out, STR(", "));
        add_member(out, "from", on && changed ? settings->severity_from[i] : settings->enabled_from[i]);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("\n  ]"));
}

/* The same as JSON: see schema/output.schema.json. */
static void add_json(struct buf *out, struct str folder, const struct settings *settings) {
    struct {
        const char *name;
        const struct setting *setting;
    } single[] = {{"schema", &settings->schema}, {"baseline", &settings->baseline}, {"mesh", &settings->mesh}};
    const struct setting builtin = {STR("builtin"), settings->schema.from};
    if (settings->schema.value.len == 0) single[0].setting = &builtin;
    buf_add(out, STR("{\n  "));
    add_member(out, "folder", folder);
    buf_add(out, STR(",\n  "));
    add_member(out, "configuration", settings->config);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        buf_addf(out, ",\n  \"%s\": ", single[i].name);
        add_setting(out, single[i].setting);
    }
    add_list(out, "templates", settings->templates.items, settings->templates.len);
    buf_add(out, STR(",\n  \"variables\": {"));
    for (uint32_t i = 0; i < settings->variables.len; i++) {
        if (i) buf_add(out, STR(", "));
        json_write_string(out, settings->variables.entries[i].key);
        buf_add(out, STR(": "));
        add_setting(out, settings->variables.entries[i].value);
    }
    buf_add_char(out, '}');
    add_list(out, "optional", settings->optional.items, settings->optional.len);
    add_json_rules(out, settings);
    buf_add(out, STR("\n}\n"));
}

int command_config(struct arena *a, const struct options *options) {
    struct str path = options->operands.len ? options->operands.items[0] : STR(".");
    const struct settings *settings;
    struct buf out = buf_in(a);
    struct session session;

    if (!command_text_or_json(a, options)) return EXIT_USAGE;
    if (file_kind(path.ptr) == FILE_MISSING) {
        command_error(arena_printf(a, "cannot read %.*s: there is no such file or folder", STR_ARG(path)));
        return EXIT_IO;
    }
    struct str folder = file_kind(path.ptr) == FILE_FOLDER ? path : arena_str(a, path_folder(path));
    session_begin(&session, a, options);
    int status = session_open_folder(&session, path_absolute(a, folder), &settings);
    if (status) return status;
    if (command_json(options)) add_json(&out, folder, settings);
    else add_settings(a, &out, folder, settings);
    return command_print(buf_str(&out));
}
