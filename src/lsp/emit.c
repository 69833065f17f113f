#include "lsp/emit.h"

#include "value/json.h"

static void begin(struct emit *out) {
    if (out->comma) buf_add_char(&out->text, ',');
    out->comma = true;
}

void emit_open(struct emit *out, char bracket) {
    begin(out);
    buf_add_char(&out->text, bracket);
    out->comma = false;
}

void emit_close(struct emit *out, char bracket) {
    buf_add_char(&out->text, bracket);
    out->comma = true;
}

void emit_key(struct emit *out, const char *key) {
    begin(out);
    buf_addf(&out->text, "\"%s\":", key);
    out->comma = false;
}

void emit_text(struct emit *out, struct str text) {
    begin(out);
    json_write_string(&out->text, text);
}

void emit_number(struct emit *out, int64_t number) {
    begin(out);
    buf_add_int(&out->text, number);
}

void emit_bool(struct emit *out, bool truth) {
    emit_raw(out, truth ? STR("true") : STR("false"));
}

void emit_null(struct emit *out) {
    emit_raw(out, STR("null"));
}

void emit_value(struct emit *out, const struct value *value) {
    begin(out);
    json_write(&out->text, value, JSON_ONE_LINE);
}

void emit_raw(struct emit *out, struct str json) {
    begin(out);
    buf_add(&out->text, json);
}

void emit_put_text(struct emit *out, const char *key, struct str text) {
    emit_key(out, key);
    emit_text(out, text);
}

void emit_put_number(struct emit *out, const char *key, int64_t number) {
    emit_key(out, key);
    emit_number(out, number);
}

void emit_put_bool(struct emit *out, const char *key, bool truth) {
    emit_key(out, key);
    emit_bool(out, truth);
}
