#include <criterion/criterion.h>

#include "text/secret.h"

static struct arena arena;

Test(secret, names) {
    const char *secret[] = {"password",      "dbPassword",   "API_TOKEN",           "SIGNING_KEY",
                            "client_secret", "clientSecret", "accessKey",           "secret_key",
                            "redis.passwd",  "apiKey",       "MYSQL_ROOT_PASSWORD", "credentials"};
    const char *plain[] = {"name",
                           "existingSecret",
                           "passwordSecret",
                           "PUBLIC_KEY",
                           "JWT_PUBLIC_KEY",
                           "password_key",
                           "username_key",
                           "keys",
                           "tokens",
                           "imagePullSecrets",
                           "key",
                           "secretName",
                           "",
                           "credentialsSecret"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        cr_expect(secret_is_name(str_from(secret[i])), "%s", secret[i]);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        cr_expect_not(secret_is_name(str_from(plain[i])), "%s", plain[i]);
}

/* What a text looks like with its secrets masked. */
static struct str masked(const char *text) {
    struct source source = {.text = str_from(text)};
    uint32_t start = 0, end = 0;
    secrets_find(&arena, &source);
    return secrets_cut(&arena, &source, 0, (uint32_t)source.text.len, &start, &end);
}

Test(secret, found_in_a_text) {
    const char *cases[][2] = {
        {"url: postgres://u:pw1@h:5432/d", "url: postgres://u:***@h:5432/d"},
        {"url: \"amqp://u:p@ss:w@h/d?x=1\"", "url: \"amqp://u:***@h/d?x=1\""},
        {"url: mysql://u:p/w@h/d", "url: mysql://u:***@h/d"},
        {"image: oci://r.example.com:5000/a/b@sha256:0f", "image: oci://r.example.com:5000/a/b@sha256:0f"},
        {"url: https://h:8080/a@b", "url: https://h:8080/a@b"},
        {"url: postgres://u:$(PW)@h/d", "url: postgres://u:$(PW)@h/d"},
        {"url: postgres://u@h/d", "url: postgres://u@h/d"},
        {"dsn: host=h password=pw1 user=u", "dsn: host=h password=*** user=u"},
        {"url: jdbc:x://h/d?user=u&password=pw1&a=b", "url: jdbc:x://h/d?user=u&password=***&a=b"},
        {"args: [\"--token=abc\", -v]", "args: [\"--token=***\", -v]"},
        {"password: pw1 # why", "password: *** # why"},
        {"password: 'it''s'\n", "password: '***'\n"},
        {"a: {password: pw1, user: u}", "a: {password: ***, user: u}"},
        {"\"password\": \"p\\\"w\"", "\"password\": \"***\""},
        {"password:\n  nested: 1", "password:\n  nested: 1"},
        {"private_key: |\n  line one\n\n  line two\nnext: 1", "private_key: |\n  ***\n\n  ***\nnext: 1"},
        {"- name: DB_PASSWORD\n  value: pw1\n- name: HOST\n  value: h",
         "- name: DB_PASSWORD\n  value: ***\n- name: HOST\n  value: h"},
        {"- {name: DB_PASSWORD, value: pw1}", "- {name: DB_PASSWORD, value: ***}"},
        {"password: \"\"\ntoken: ${T}\nsecret: <secret>\napiKey: changeme",
         "password: \"\"\ntoken: ${T}\nsecret: <secret>\napiKey: changeme"},
        {"tlsSecret: a-b\nclientSecret: example-service-tls", "tlsSecret: a-b\nclientSecret: example-service-tls"},
        {"credentialsSecret:\n  password_key: password", "credentialsSecret:\n  password_key: password"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = masked(cases[i][0]);
        cr_expect(str_eq(got, str_from(cases[i][1])), "%s gave\n%.*s", cases[i][0], STR_ARG(got));
    }
}

Test(secret, masked_in_messages) {
    struct source source = {.text = STR("password: correct horse battery\ntoken: abc\nuser: app\n")};
    secrets_find(&arena, &source);
    const char *cases[][2] = {
        {"got `correct horse battery`", "got `***`"},
        {"got `correct hor...`", "got `***...`"},
        {"got correct words", "got correct words"},
        {"cut `cor...` is no secret yet, `corr...` is", "cut `cor...` is no secret yet, `***...` is"},
        {"`corr\xE2\x80\xA6`", "`***\xE2\x80\xA6`"},
        {"`corr..`", "`corr..`"},
        {"abc is short", "abc is short"},
        {"redis://x:pw1@h and redis://x:pw2@h", "redis://x:***@h and redis://x:***@h"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = secrets_mask(&arena, &source, str_from(cases[i][0]));
        cr_expect(str_eq(got, str_from(cases[i][1])), "%s gave\n%.*s", cases[i][0], STR_ARG(got));
    }
}

Test(secret, cut_keeps_places) {
    struct source source = {.text = STR("a: redis://u:longpassword@h/1 # end")};
    uint32_t start = 3, end = 29;
    secrets_find(&arena, &source);
    struct str got = secrets_cut(&arena, &source, 0, (uint32_t)source.text.len, &start, &end);
    cr_expect(str_eq(str_slice(got, start, end), STR("redis://u:***@h/1")), "%.*s",
              STR_ARG(str_slice(got, start, end)));
    start = 15, end = 17; /* inside of the secret */
    got = secrets_cut(&arena, &source, 0, (uint32_t)source.text.len, &start, &end);
    cr_expect(str_eq(str_slice(got, start, end), STR("***")));
    start = 26, end = 27;
    got = secrets_cut(&arena, &source, 0, (uint32_t)source.text.len, &start, &end);
    cr_expect(str_eq(str_slice(got, start, end), STR("h")));
}

Test(secret, blotted_at_equal_length) {
    struct source source = {.text = STR("token: abcdef\n")};
    secrets_find(&arena, &source);
    cr_expect(str_eq(secrets_blot(&arena, source.secrets, source.text), STR("token: ******\n")));
    cr_expect(str_eq(secrets_blot(&arena, source.secrets, STR("\"abcdef\"")), STR("\"******\"")));
}
