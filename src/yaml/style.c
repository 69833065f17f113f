#include "yaml/style.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "value/json.h"
#include "yaml/scalar.h"

/* The most frequent of small numbers. */
struct poll {
    uint32_t votes[9];
};

static void vote(struct poll *poll, uint32_t number) {
    if (number < sizeof poll->votes / sizeof *poll->votes) poll->votes[number]++;
}

static uint32_t winner(const struct poll *poll, uint32_t otherwise) {
    uint32_t best = otherwise;
    for (uint32_t i = 0; i < sizeof poll->votes / sizeof *poll->votes; i++)
        if (poll->votes[i] > poll->votes[best]) best = i;
    return poll->votes[best] ? best : otherwise;
}

static void note_collection(const struct slabs *slabs, const struct node *node, struct poll *steps,
                            struct poll *lists) {
    const struct node *parent = node->parent;
    if (!parent || parent->kind != NODE_MAP || !slab_has(slabs, node) || !node->first || !slab_has(slabs, node->first))
        return;
    uint32_t outer = slabs->of[node->id].column, inner = slabs->of[node->first->id].column;
    if (inner < outer) return;
    if (node->kind == NODE_LIST) vote(lists, inner - outer);
    else if (inner > outer) vote(steps, inner - outer);
}

struct style style_detect(const struct tree *tree, const struct slabs *slabs) {
    struct str text = tree->source->text;
    struct poll steps = {{0}}, lists = {{0}};
    uint32_t singles = 0, doubles = 0, with_cr = 0;

    for (uint32_t id = 1; id < tree->node_count; id++) {
        const struct node *node = tree->nodes[id];
        singles += node->style == STYLE_SINGLE; /* counted without a branch, which nobody could foresee */
        doubles += node->style == STYLE_DOUBLE;
        if (node->style == STYLE_BLOCK) note_collection(slabs, node, &steps, &lists);
    }
    bool has_cr = text.len && memchr(text.ptr, '\r', text.len);
    for (uint32_t line = 0; line + 1 < slabs->line_count && has_cr; line++)
        with_cr += slabs->starts[line + 1] > 1 && text.ptr[slabs->starts[line + 1] - 2] == '\r';
    struct style style = {.step = winner(&steps, 2), .quote = singles > doubles ? QUOTE_SINGLE : QUOTE_DOUBLE};
    style.list_step = winner(&lists, style.step) == 0 ? 0 : style.step;
    style.line_end = has_cr && 2 * with_cr > slabs->line_count - 1 ? STR("\r\n") : STR("\n");
    return style;
}

enum style_quote style_siblings_quote(const struct node *collection) {
    uint32_t counts[3] = {0, 0, 0};
    bool any = false;
    if (!collection || (collection->kind != NODE_MAP && collection->kind != NODE_LIST)) return QUOTE_NONE;
    for (const struct node *child = collection->first; child && !any; child = child->next)
        any = child->style == STYLE_SINGLE || child->style == STYLE_DOUBLE;
    for (const struct node *child = collection->first; child && any; child = child->next) {
        if (child->kind != NODE_SCALAR) continue;
        if (!style_is_plain(child->text, PLACE_FLOW)) continue; /* it has no choice */
        if (child->style == STYLE_SINGLE) counts[QUOTE_SINGLE]++;
        else if (child->style == STYLE_DOUBLE) counts[QUOTE_DOUBLE]++;
        else if (child->style == STYLE_PLAIN) counts[QUOTE_NONE]++;
    }
    uint32_t quoted = counts[QUOTE_SINGLE] + counts[QUOTE_DOUBLE];
    if (quoted == 0 || quoted <= counts[QUOTE_NONE]) return QUOTE_NONE;
    return counts[QUOTE_SINGLE] > counts[QUOTE_DOUBLE] ? QUOTE_SINGLE : QUOTE_DOUBLE;
}

static bool is_printable(uint32_t code) {
    if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
    return code != 0x2028 && code != 0x2029 && code != 0xFEFF && code != UTF8_REPLACEMENT && code != 0xFFFE &&
           code != 0xFFFF;
}

/* Without anything that only double quotes can hold. */
static bool is_one_printable_line(struct str text) {
    uint32_t code;
    for (size_t at = 0; at < text.len;) {
        at += utf8_next(text, at, &code);
        if (!is_printable(code)) return false;
    }
    return true;
}

/* 2024-01-01, 1:30, 10.0.0.1: strings to Helm and YAML 1.2, but not to everybody. */
static bool looks_like_number(struct str text) {
    if (text.ptr[0] < '0' || text.ptr[0] > '9') return false;
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789-+.:_", text.ptr[i])) return false;
    return true;
}

/* Letters and what may stand between them anywhere, as in most keys: it can be misread as a word with a meaning only.
 */
static bool is_name(struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = ascii_is_alpha(c);
        if (!letter && !(i && (ascii_is_digit(c) || c == '_' || c == '-' || c == '.' || c == '/'))) return false;
    }
    return text.len > 0;
}

bool style_is_plain(struct str text, enum style_place place) {
    if (is_name(text) && scalar_is_plain_string(text)) return true;
    if (text.len == 0 || strchr("-?:,[]{}#&*!|>'\"%@` ", text.ptr[0]) || strchr(" :", text.ptr[text.len - 1]))
        return false;
    if (!is_one_printable_line(text) || looks_like_number(text)) return false;
    if (str_find(text, STR(": ")) < text.len || str_find(text, STR(" #")) < text.len || str_starts(text, STR("...")))
        return false;
    if (str_eq(text, STR("<<")) || str_eq(text, STR("="))) return false;
    for (size_t i = 0; place == PLACE_FLOW && i < text.len; i++)
        if (strchr(",[]{}", text.ptr[i])) return false;
    struct scalar helm = scalar_resolve_helm(text), core = scalar_resolve_core(text);
    return helm.kind == SCALAR_STRING && core.kind == SCALAR_STRING;
}

static void write_double(struct buf *out, struct str text) {
    uint32_t code;
    buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t len = utf8_next(text, at, &code);
        if (code == '"' || code == '\\') buf_addf(out, "\\%c", (char)code);
        else if (code == '\n') buf_add(out, STR("\\n"));
        else if (code == '\t') buf_add(out, STR("\\t"));
        else if (code == '\r') buf_add(out, STR("\\r"));
        else if (is_printable(code) || code == UTF8_REPLACEMENT) buf_add(out, str_slice(text, at, at + len));
        else if (code < 0x100) buf_addf(out, "\\x%02X", code);
        else buf_addf(out, "\\u%04X", code);
        at += len;
    }
    buf_add_char(out, '"');
}

static void write_single(struct buf *out, struct str text) {
    buf_add_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') buf_add_char(out, '\'');
        buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '\'');
}

void style_write_string(struct buf *out, const struct style *style, struct str text, enum style_quote wanted,
                        enum style_place place) {
    if (wanted == QUOTE_NONE && style_is_plain(text, place)) {
        buf_add(out, text);
        return;
    }
    if (wanted == QUOTE_NONE) wanted = style->quote;
    if (wanted == QUOTE_SINGLE && is_one_printable_line(text)) write_single(out, text);
    else write_double(out, text);
}

void style_write_scalar(struct buf *out, const struct style *style, const struct value *scalar, enum style_quote wanted,
                        enum style_place place) {
    switch (scalar->kind) {
    case VALUE_NULL: buf_add(out, STR("null")); break;
    case VALUE_BOOL: buf_add(out, scalar->boolean ? STR("true") : STR("false")); break;
    case VALUE_INT:
    case VALUE_FLOAT: json_write_number(out, scalar); break;
    default: style_write_string(out, style, scalar->string, wanted, place); break;
    }
}

void style_write_flow(struct buf *out, const struct style *style, const struct value *value, enum style_quote wanted) {
    if (value->kind == VALUE_LIST) {
        buf_add_char(out, '[');
        for (uint32_t i = 0; i < value->list.len; i++) {
            if (i) buf_add(out, STR(", "));
            style_write_flow(out, style, &value->list.items[i], wanted);
        }
        buf_add_char(out, ']');
    } else if (value->kind == VALUE_MAP) {
        buf_add_char(out, '{');
        for (uint32_t i = 0; i < value->map.len; i++) {
            if (i) buf_add(out, STR(", "));
            style_write_string(out, style, value->map.members[i].key, QUOTE_NONE, PLACE_FLOW);
            buf_add(out, STR(": "));
            style_write_flow(out, style, &value->map.members[i].value, wanted);
        }
        buf_add_char(out, '}');
    } else {
        style_write_scalar(out, style, value, wanted, PLACE_FLOW);
    }
}

static bool has_lines(const struct value *value) {
    return (value->kind == VALUE_MAP && value->map.len) || (value->kind == VALUE_LIST && value->list.len);
}

/* The lines of a map or list; the first one without its indentation where `started`. */
static void write_lines(struct buf *out, const struct style *style, const struct value *value, uint32_t column,
                        bool started, enum style_quote wanted) {
    bool map = value->kind == VALUE_MAP;
    uint32_t count = map ? value->map.len : value->list.len;
    for (uint32_t i = 0; i < count; i++) {
        const struct value *child = map ? &value->map.members[i].value : &value->list.items[i];
        if (i || !started) buf_add_repeat(out, ' ', column);
        if (map) {
            style_write_string(out, style, value->map.members[i].key, QUOTE_NONE, PLACE_BLOCK);
            buf_add_char(out, ':');
        } else {
            buf_add_char(out, '-');
        }
        if (!has_lines(child)) {
            buf_add_char(out, ' ');
            if (child->kind == VALUE_MAP || child->kind == VALUE_LIST) style_write_flow(out, style, child, wanted);
            else style_write_scalar(out, style, child, wanted, PLACE_BLOCK);
            buf_add(out, style->line_end);
        } else if (!map) {
            buf_add_char(out, ' ');
            write_lines(out, style, child, column + 2, true, wanted);
        } else {
            buf_add(out, style->line_end);
            uint32_t inner = column + (child->kind == VALUE_LIST ? style->list_step : style->step);
            write_lines(out, style, child, inner, false, wanted);
        }
    }
}

void style_write_block(struct buf *out, const struct style *style, const struct value *value, uint32_t column,
                       enum style_quote wanted) {
    write_lines(out, style, value, column, false, wanted);
}
