#include "schema/format_ip.h"

#include "base/ascii.h"

bool schema_format_ipv4(struct str s) {
    for (int part = 0; part < 4; part++) {
        size_t len = 0;
        unsigned number = 0;
        while (len < s.len && len < 4 && ascii_is_digit(s.ptr[len]))
            number = number * 10 + (unsigned)(s.ptr[len++] - '0');
        if (len == 0 || len > 3 || number > 255 || (len > 1 && s.ptr[0] == '0')) return false;
        s = str_slice(s, len, s.len);
        if (part < 3 && !str_take_char(&s, '.')) return false;
    }
    return s.len == 0;
}

bool schema_format_ipv6(struct str s) {
    int groups = 0;
    bool gap = false;
    if (str_starts(s, STR("::"))) {
        gap = true;
        s = str_slice(s, 2, s.len);
        if (s.len == 0) return true;
    }
    for (;;) {
        size_t len = 0;
        while (len < s.len && ascii_is_hex(s.ptr[len])) len++;
        if (len < s.len && s.ptr[len] == '.') {
            groups += 2;
            return schema_format_ipv4(s) && (gap ? groups < 8 : groups == 8);
        }
        if (len == 0 || len > 4 || ++groups > 8) return false;
        s = str_slice(s, len, s.len);
        if (s.len == 0) break;
        if (!str_take_char(&s, ':') || s.len == 0) return false;
        if (str_take_char(&s, ':')) {
            if (gap) return false;
            gap = true;
            if (s.len == 0) break;
        }
    }
    return gap ? groups < 8 : groups == 8;
}
