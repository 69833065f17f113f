#include "value/pointer.h"

#include "base/buf.h"
#include "base/vec.h"

static bool is_plain_key(struct str key) {
    if (key.len == 0) return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                     c == '-' || c == '/' || (c & 0x80);
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

static void pointer_key(struct buf *out, struct str key) {
    buf_add_char(out, '/');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '~') buf_add(out, STR("~0"));
        else if (key.ptr[i] == '/') buf_add(out, STR("~1"));
        else buf_add_char(out, key.ptr[i]);
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

struct str keys_pointer(struct arena *a, const struct str *keys, uint32_t count) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < count; i++) pointer_key(&out, keys[i]);
    return buf_str(&out);
}

bool keys_lead(const struct str *above, uint32_t above_count, const struct str *keys, uint32_t count) {
    if (above_count > count) return false;
    for (uint32_t i = 0; i < above_count; i++)
        if (!str_eq(above[i], keys[i])) return false;
    return true;
}

/* Undoes ~0 and ~1; false for another use of `~`. */
static bool unescape(struct arena *a, struct str raw, struct str *key) {
    struct buf out = buf_in(a);
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] != '~') {
            buf_add_char(&out, raw.ptr[i]);
            continue;
        }
        if (i + 1 == raw.len || (raw.ptr[i + 1] != '0' && raw.ptr[i + 1] != '1')) return false;
        buf_add_char(&out, raw.ptr[++i] == '0' ? '~' : '/');
    }
    *key = out.len ? buf_str(&out) : STR("");
    return true;
}

bool pointer_parse(struct arena *a, struct str text, struct str **keys, uint32_t *count) {
    struct VEC(struct str) list = {NULL, 0, 0};
    *keys = NULL;
    *count = 0;
    if (text.len == 0) return true;
    if (text.ptr[0] != '/') return false;
    for (size_t at = 1; at <= text.len;) {
        size_t end = at + str_find_char(str_slice(text, at, text.len), '/');
        struct str key;
        if (!unescape(a, str_slice(text, at, end), &key)) return false;
        vec_push(a, &list, key);
        at = end + 1;
    }
    *keys = list.items;
    *count = list.len;
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
