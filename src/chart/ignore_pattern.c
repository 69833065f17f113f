#include "chart/ignore_pattern.h"

bool ignore_pattern_parse(struct str line, struct ignore_pattern *out) {
    if (line.len == 0 || line.ptr[0] == '#') return false;
    *out = (struct ignore_pattern){line, false, false, false};
    if (out->glob.ptr[0] == '!') {
        out->negated = true;
        out->glob = str_slice(out->glob, 1, out->glob.len);
    }
    if (out->glob.len && out->glob.ptr[out->glob.len - 1] == '/') {
        out->folder_only = true;
        out->glob.len--;
    }
    out->anchored = str_find_char(out->glob, '/') < out->glob.len;
    if (out->glob.len && out->glob.ptr[0] == '/') out->glob = str_slice(out->glob, 1, out->glob.len);
    return out->glob.len > 0;
}
