#include "infer/named_keys.h"

#include "base/ascii.h"

static bool is_name_char(char c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '-';
}

void named_keys_collect(struct arena *a, const struct template_files *files, struct map *names) {
    for (uint32_t i = 0; i < files->len; i++) {
        struct str text = files->items[i].source.text;
        for (size_t at = 0; at + 1 < text.len; at++) {
            if (text.ptr[at] != '.' && text.ptr[at] != '"') continue;
            size_t end = at + 1;
            while (end < text.len && is_name_char(text.ptr[end])) end++;
            if (end > at + 1) map_put(a, names, str_slice(text, at + 1, end), names);
        }
    }
}
