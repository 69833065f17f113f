#include "value/pointer.h"

#include "base/ascii.h"
#include "base/buf.h"

static bool is_plain_key(struct str key) {
    if (key.len == 0) return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool plain = ascii_is_alnum(c) || c == '_' || c == '-' || c == '/' || (c & 0x80);
        if (!plain) return false;
    }
    return true;
}

static void dotted_key(struct buf *out, struct str key) {
    if (is_plain_key(key)) {
        if (out->len) buf_add_char(out, '.');
        buf_add(out, key);
    } else {
        buf_addf(out, "[\"%.*s\"]", STR_ARG(key));
    }
}

static void dotted_step(struct buf *out, const struct step *step) {
    if (step->parent) dotted_step(out, step->parent);
    if (step->key.ptr) dotted_key(out, step->key);
    else buf_addf(out, "[%u]", step->index);
}

struct str step_dotted(struct arena *a, const struct step *last) {
    struct buf out = buf_in(a);
    if (last) dotted_step(&out, last);
    return buf_str(&out);
}

/* How many bytes of `key` stand before the next one that a pointer writes in another way. */
static size_t plain_length(struct str key) {
    size_t len = 0;
    while (len < key.len && key.ptr[len] != '~' && key.ptr[len] != '/') len++;
    return len;
}

static void pointer_key(struct buf *out, struct str key) {
    buf_add_char(out, '/');
    for (;;) {
        size_t plain = plain_length(key);
        buf_add(out, str_slice(key, 0, plain));
        if (plain == key.len) return;
        buf_add(out, key.ptr[plain] == '~' ? STR("~0") : STR("~1"));
        key = str_slice(key, plain + 1, key.len);
    }
}

static void pointer_step(struct buf *out, const struct step *step) {
    if (step->parent) pointer_step(out, step->parent);
    if (step->key.ptr) pointer_key(out, step->key);
    else buf_addf(out, "/%u", step->index);
}

struct str step_pointer(struct arena *a, const struct step *last) {
    struct buf out = buf_in(a);
    if (last) pointer_step(&out, last);
    return buf_str(&out);
}

struct str keys_dotted(struct arena *a, const struct str *keys, uint32_t count) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < count; i++) dotted_key(&out, keys[i]);
    return buf_str(&out);
}

struct str keys_dotted_into(char *bytes, size_t room, const struct str *keys, uint32_t count) {
    size_t len = 0;
    if (count == 1 && is_plain_key(keys[0])) return keys[0];
    for (uint32_t i = 0; i < count; i++) {
        bool plain = is_plain_key(keys[i]);
        struct str open = plain ? (len ? STR(".") : STR("")) : STR("[\""), close = plain ? STR("") : STR("\"]");
        const struct str parts[] = {open, keys[i], close};
        for (size_t k = 0; k < 3; k++) {
            if (len + parts[k].len > room) return (struct str){NULL, 0};
            if (parts[k].len) memcpy(bytes + len, parts[k].ptr, parts[k].len);
            len += parts[k].len;
        }
    }
    return (struct str){bytes, len};
}

struct str dotted_member(struct arena *a, struct str path, struct str key) {
    struct buf out = buf_in(a);
    buf_add(&out, path);
    dotted_key(&out, key);
    return buf_str(&out);
}

bool dotted_next(struct str *rest, struct str *key) {
    struct str text = *rest;
    if (text.len == 0) return false;
    bool quoted = str_starts(text, STR("[\""));
    size_t skip = quoted ? 2 : 0, from = quoted ? 2 : 1, end = from;
    if (quoted) end += str_find(str_slice(text, from, text.len), STR("\"]"));
    else
        while (end < text.len && text.ptr[end] != '.' && text.ptr[end] != '[') end++;
    *key = str_slice(text, skip, end);
    size_t next = quoted && end < text.len ? end + 2 : end;
    if (next < text.len && text.ptr[next] == '.') next++;
    *rest = str_slice(text, next, text.len);
    return true;
}

bool dotted_leads(struct str above, struct str path) {
    if (above.len == 0) return true;
    return str_starts(path, above) &&
           (path.len == above.len || path.ptr[above.len] == '.' || path.ptr[above.len] == '[');
}

const struct value *value_at_dotted(const struct value *root, struct str path) {
    struct str key;
    while (root && dotted_next(&path, &key)) root = value_get(root, key);
    return root;
}

struct str keys_pointer(struct arena *a, const struct str *keys, uint32_t count) {
    size_t room = 0;
    for (uint32_t i = 0; i < count; i++) room += keys[i].len + 1;
    struct buf out = {a, arena_alloc_raw(a, room), 0, room}; /* it grows where something is escaped */
    for (uint32_t i = 0; i < count; i++) pointer_key(&out, keys[i]);
    return buf_str(&out);
}

bool keys_lead(const struct str *above, uint32_t above_count, const struct str *keys, uint32_t count) {
    if (above_count > count) return false;
    for (uint32_t i = 0; i < above_count; i++)
        if (!str_eq(above[i], keys[i])) return false;
    return true;
}

/* Undoes ~0 and ~1; false for another use of `~`. A key without them is a part of the pointer's text. */
static bool unescape(struct arena *a, struct str raw, struct str *key) {
    size_t plain = str_find_char(raw, '~');
    *key = raw;
    if (plain == raw.len) return true;
    struct buf out = buf_in(a);
    buf_add(&out, str_slice(raw, 0, plain));
    for (size_t i = plain; i < raw.len; i++) {
        if (raw.ptr[i] != '~') {
            buf_add_char(&out, raw.ptr[i]);
            continue;
        }
        if (i + 1 == raw.len || (raw.ptr[i + 1] != '0' && raw.ptr[i + 1] != '1')) return false;
        buf_add_char(&out, raw.ptr[++i] == '0' ? '~' : '/');
    }
    *key = buf_str(&out);
    return true;
}

bool pointer_parse(struct arena *a, struct str text, struct str **keys, uint32_t *count) {
    uint32_t parts = 0;
    *keys = NULL;
    *count = 0;
    if (text.len == 0) return true;
    if (text.ptr[0] != '/') return false;
    for (size_t i = 0; i < text.len; i++) parts += text.ptr[i] == '/';
    struct str *list = arena_alloc_raw(a, sizeof *list * parts);
    text = str_slice(text, 1, text.len);
    for (uint32_t i = 0; i < parts; i++) {
        size_t end = str_find_char(text, '/');
        if (!unescape(a, str_slice(text, 0, end), &list[i])) return false;
        text = str_slice(text, end + 1, text.len);
    }
    *keys = list;
    *count = parts;
    return true;
}

bool pointer_index(struct str key, uint32_t *index) {
    uint64_t number = 0;
    if (key.len == 0 || key.len > 9 || (key.len > 1 && key.ptr[0] == '0')) return false;
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] < '0' || key.ptr[i] > '9') return false;
        number = number * 10 + (uint64_t)(key.ptr[i] - '0');
    }
    *index = (uint32_t)number;
    return true;
}

const struct value *pointer_get(struct arena *a, const struct value *root, struct str text) {
    struct str *keys;
    uint32_t count, index;
    if (!pointer_parse(a, text, &keys, &count)) return NULL;
    for (uint32_t i = 0; i < count && root; i++) {
        if (root->kind != VALUE_LIST) root = value_get(root, keys[i]);
        else root = pointer_index(keys[i], &index) && index < root->list.len ? &root->list.items[index] : NULL;
    }
    return root;
}
