/* What Helm itself gives another result for at each run, or what only the machine knows: holes, with what is known of
 * them. */
#include "template/eval/fn_help.h"

static bool give_text_hole(struct go_call *call, int truth, int64_t length) {
    return go_give(call, go_hole_value(call->env, &GO_TYPE_STRING, str_from(call->function->name), truth, length));
}

static bool give_hole(struct go_call *call, const struct go_type *type, int truth) {
    return go_give(call, go_hole_value(call->env, type, str_from(call->function->name), truth, -1));
}

/* As many random characters as are asked for; none where fewer than one are. */
static bool fn_rand_text(struct go_call *call) {
    int64_t count = call->args[0].integer;
    return count > 0 ? give_text_hole(call, 1, count) : fn_give_text(call, STR(""));
}

static bool fn_rand_bytes(struct go_call *call) {
    int64_t count = call->args[0].integer;
    if (count < 0) return go_fail(call, "runtime error: makeslice: len out of range");
    return count > 0 ? give_text_hole(call, 1, (count + 2) / 3 * 4) : fn_give_text(call, STR(""));
}

static bool fn_rand_int(struct go_call *call) {
    int64_t min = call->args[0].integer, max = call->args[1].integer;
    if (max <= min) return go_fail(call, "invalid argument to Intn");
    if (max - min == 1) return go_give(call, go_int(min));
    return give_hole(call, &GO_TYPE_INT, min > 0 || max <= 0 ? 1 : -1);
}

static bool fn_uuid(struct go_call *call) {
    return give_text_hole(call, 1, 36);
}

/* The same characters in another order. */
static bool fn_shuffle(struct go_call *call) {
    struct str s = fn_text(call, 0);
    return s.len < 2 ? go_give(call, call->args[0]) : give_text_hole(call, 1, (int64_t)s.len);
}

static bool fn_bcrypt(struct go_call *call) {
    return give_text_hole(call, 1, 60);
}

static bool fn_htpasswd(struct go_call *call) {
    struct str user = fn_text(call, 0);
    if (str_find_char(user, ':') < user.len)
        return fn_give_text(call, arena_printf(call->env->arena, "invalid username: %.*s", STR_ARG(user)));
    struct go_text text = go_text_in(call->env);
    struct go_value hash = go_hole_value(call->env, &GO_TYPE_STRING, STR("htpasswd"), 1, 60);
    go_text_add_value(&text, &call->args[0]);
    go_text_add(&text, STR(":"));
    go_text_add_value(&text, &hash);
    return go_give(call, go_text_value(&text));
}

static bool fn_private_key(struct go_call *call) {
    static const char *const kinds[] = {"", "rsa", "dsa", "ecdsa", "ed25519"};
    struct str kind = fn_text(call, 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, str_from(kinds[i]))) return give_text_hole(call, 1, -1);
    return fn_give_text(call, arena_printf(call->env->arena, "Unknown type %.*s", STR_ARG(kind)));
}

static const struct go_field CERTIFICATE_FIELDS[] = {{STR_INIT("Cert"), STR_INIT("Cert"), false},
                                                     {STR_INIT("Key"), STR_INIT("Key"), false}};
static const struct go_type CERTIFICATE = {
    .kind = GO_STRUCT, .name = STR_INIT("sprig.certificate"), .fields = CERTIFICATE_FIELDS, .field_count = 2};

static bool fn_certificate(struct go_call *call) {
    struct go_value *fields = fn_items(call, 2);
    for (int i = 0; i < 2; i++)
        fields[i] = go_hole_value(call->env, &GO_TYPE_STRING, str_from(call->function->name), 1, -1);
    return go_give(call, (struct go_value){.type = &CERTIFICATE, .object = {.fields = fields}});
}

/* Texts of which nothing is known. */
static bool fn_unknown_text(struct go_call *call) {
    return give_text_hole(call, -1, -1);
}

const struct go_function FN_RANDOM_TABLE[] = {
    {"bcrypt", "s:s", fn_bcrypt, FN_HOLES},
    {"buildCustomCert", "ss:a", fn_certificate, FN_HOLES},
    {"decryptAES", "ss:s", fn_unknown_text, FN_HOLES},
    {"derivePassword", "ussss:s", fn_unknown_text, FN_HOLES},
    {"encryptAES", "ss:s", fn_unknown_text, FN_HOLES},
    {"genCA", "si:a", fn_certificate, FN_HOLES},
    {"genCAWithKey", "sis:a", fn_certificate, FN_HOLES},
    {"genPrivateKey", "s:s", fn_private_key, 0},
    {"genSelfSignedCert", "slli:a", fn_certificate, FN_HOLES},
    {"genSelfSignedCertWithKey", "sllis:a", fn_certificate, FN_HOLES},
    {"genSignedCert", "sllia:a", fn_certificate, FN_HOLES},
    {"genSignedCertWithKey", "sllias:a", fn_certificate, FN_HOLES},
    {"getHostByName", "s:s", fn_unknown_text, FN_HOLES},
    {"htpasswd", "ss:s", fn_htpasswd, FN_HOLES},
    {"randAlpha", "i:s", fn_rand_text, 0},
    {"randAlphaNum", "i:s", fn_rand_text, 0},
    {"randAscii", "i:s", fn_rand_text, 0},
    {"randBytes", "i:s", fn_rand_bytes, 0},
    {"randInt", "ii:i", fn_rand_int, 0},
    {"randNumeric", "i:s", fn_rand_text, 0},
    {"shuffle", "s:s", fn_shuffle, 0},
    {"uuidv4", ":s", fn_uuid, 0},
    {0},
};
