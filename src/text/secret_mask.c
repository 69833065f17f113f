/* A message may quote a secret whole, or its beginning followed by dots, and may hold a URI of its own. */
#include "text/secret.h"

#include "base/ascii.h"

/* Of a secret that was cut, so many bytes are recognized. */
#define PART_MIN 4
/* Secrets that begin with each other are looked at in such numbers. */
#define NEIGHBOURS 8

/* How many bytes of text[at, ...) show `secret`, whole or cut; 0 for none. */
static size_t shown_of(struct str text, size_t at, struct str secret) {
    size_t len = 0;
    while (len < secret.len && at + len < text.len && text.ptr[at + len] == secret.ptr[len]) len++;
    if (len == secret.len) return len;
    bool cut = len >= PART_MIN && (str_starts(str_slice(text, at + len, text.len), STR("...")) ||
                                   str_starts(str_slice(text, at + len, text.len), STR("\xE2\x80\xA6")));
    return cut ? len : 0;
}

/* How many bytes of text[at, ...) show a secret, whole or cut. What it begins with stands next to it in the order of
 * the texts: whole ones before it, the one that was cut behind it. */
static size_t known_at(const struct secrets *secrets, struct str text, size_t at) {
    struct str rest = str_slice(text, at, text.len);
    uint32_t low = 0, high = secrets->texts.len;
    size_t most = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(secrets->texts.items[middle], rest) <= 0) low = middle + 1;
        else high = middle;
    }
    for (uint32_t i = low > NEIGHBOURS ? low - NEIGHBOURS : 0; i < secrets->texts.len && i <= low; i++) {
        size_t shown = shown_of(text, at, secrets->texts.items[i]);
        if (shown > most) most = shown;
    }
    return most;
}

static struct str mask_known(struct arena *a, const struct secrets *secrets, struct str text) {
    struct buf out = buf_in(a);
    size_t plain = 0;
    bool any = false;
    for (size_t at = 0; at < text.len;) {
        size_t len = known_at(secrets, text, at);
        if (len) {
            buf_add(&out, str_slice(text, plain, at));
            buf_add(&out, SECRET_MASK);
            plain = at + len;
            any = true;
        }
        at += len ? len : 1;
    }
    if (!any) return text;
    buf_add(&out, str_slice(text, plain, text.len));
    return buf_str(&out);
}

/* The first secret that ends behind `from`. */
static uint32_t first_behind(const struct secrets *secrets, uint32_t from) {
    uint32_t low = 0, high = secrets ? secrets->spans.len : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (secrets->spans.items[middle].end <= from) low = middle + 1;
        else high = middle;
    }
    return low;
}

struct str secrets_cut(struct arena *a, const struct source *source, uint32_t from, uint32_t to, uint32_t *start,
                       uint32_t *end) {
    struct buf out = buf_in(a);
    const struct secrets *secrets = source->secrets;
    uint32_t plain = from, begin = *start, stop = *end;
    bool placed_start = false, placed_end = false;
    uint32_t first = first_behind(secrets, from);
    if (!secrets || first == secrets->spans.len || secrets->spans.items[first].start >= to) {
        *start = begin > from ? begin - from : 0;
        *end = stop > from ? stop - from : 0;
        return str_slice(source->text, from, to);
    }
    for (uint32_t i = first; i < secrets->spans.len; i++) {
        struct span span = secrets->spans.items[i];
        if (span.start >= to) break;
        if (span.start < plain) span.start = plain;
        if (!placed_start && begin < span.end) {
            *start = (uint32_t)out.len + (begin < span.start ? begin : span.start) - plain;
            placed_start = true;
        }
        if (!placed_end && stop <= span.start) {
            *end = (uint32_t)out.len + stop - plain;
            placed_end = true;
        }
        buf_add(&out, str_slice(source->text, plain, span.start));
        buf_add(&out, SECRET_MASK);
        plain = span.end < to ? span.end : to;
        if (!placed_end && stop <= span.end) {
            *end = (uint32_t)out.len;
            placed_end = true;
        }
    }
    if (!placed_start) *start = (uint32_t)out.len + (begin > plain ? begin - plain : 0);
    if (!placed_end) *end = (uint32_t)out.len + (stop > plain ? stop - plain : 0);
    buf_add(&out, str_slice(source->text, plain, to));
    return buf_str(&out);
}

struct str secrets_mask(struct arena *a, const struct source *source, struct str text) {
    struct source quoted = {.text = text};
    uint32_t start = 0, end = 0;
    if (source && source->secrets && source->secrets->texts.len) text = mask_known(a, source->secrets, text);
    bool may_hold = str_find(text, STR("://")) < text.len || str_find_char(text, '=') < text.len;
    if (!may_hold) return text;
    quoted.text = text;
    secrets_find(a, &quoted);
    if (quoted.secrets->spans.len == 0) return text;
    return secrets_cut(a, &quoted, 0, (uint32_t)text.len, &start, &end);
}

/* The secret at which a finding points; an empty span for none. */
static struct span secret_at(const struct secrets *secrets, struct span span) {
    uint32_t low = 0, high = secrets->spans.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (secrets->spans.items[middle].end <= span.start) low = middle + 1;
        else high = middle;
    }
    bool inside = low < secrets->spans.len && secrets->spans.items[low].start < span.end;
    return inside ? secrets->spans.items[low] : (struct span){0, 0};
}

static bool is_word_char(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '.';
}

/* What is said of a secret, without it and without any number: it may be one, read in another way. */
static struct str mask_pointed(struct arena *a, struct str secret, struct str text) {
    struct buf out = buf_in(a);
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        if (str_starts(str_slice(text, at, text.len), secret)) end = at + secret.len;
        else if (ascii_is_digit(text.ptr[at]) && (at == 0 || !is_word_char(text.ptr[at - 1])))
            while (end < text.len && is_word_char(text.ptr[end])) end++;
        bool version = str_eq(str_slice(text, at, end), STR("1.2")); /* of YAML */
        if (end > at && !version) buf_add(&out, SECRET_MASK);
        else buf_add(&out, str_slice(text, at, end = end > at ? end : at + 1));
        at = end;
    }
    return buf_str(&out);
}

void secrets_mask_findings(struct arena *a, struct source *source, struct findings *findings) {
    if (findings->len) secrets_find(a, source);
    for (uint32_t i = 0; i < findings->len; i++) {
        struct finding *finding = &findings->items[i];
        finding->message = secrets_mask(a, source, finding->message);
        finding->help = secrets_mask(a, source, finding->help);
        finding->becomes = secrets_mask(a, source, finding->becomes);
        finding->fix_does = secrets_mask(a, source, finding->fix_does);
        struct span pointed = secret_at(source->secrets, finding->span);
        if (span_len(pointed)) {
            struct str secret = span_text(source->text, pointed);
            finding->message = mask_pointed(a, secret, finding->message);
            finding->help = mask_pointed(a, secret, finding->help);
            finding->becomes = mask_pointed(a, secret, finding->becomes);
            finding->fix_does = mask_pointed(a, secret, finding->fix_does);
        }
        for (uint32_t k = 0; k < finding->related_count; k++) {
            struct related *related = &finding->related[k];
            secrets_find(a, related->source);
            related->message = secrets_mask(a, related->source, related->message);
            if (related->source == source) continue;
            finding->message = secrets_mask(a, related->source, finding->message);
            related->message = secrets_mask(a, source, related->message);
        }
    }
}

struct str secrets_blot(struct arena *a, const struct secrets *secrets, struct str text) {
    struct source own = {.text = text};
    char *bytes = arena_alloc_raw(a, text.len + 1);
    if (text.len) memcpy(bytes, text.ptr, text.len);
    secrets_find(a, &own);
    for (uint32_t i = 0; i < own.secrets->spans.len; i++)
        memset(bytes + own.secrets->spans.items[i].start, '*', span_len(own.secrets->spans.items[i]));
    for (size_t at = 0; secrets && secrets->texts.len && at < text.len;) {
        size_t len = known_at(secrets, text, at);
        if (len) memset(bytes + at, '*', len);
        at += len ? len : 1;
    }
    return (struct str){bytes, text.len};
}
