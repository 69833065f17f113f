#include <criterion/criterion.h>

#include "template/manifest.h"

/* `@` stands for the action. */
static const struct {
    const char *text, *field;
} cases[] = {
    {"containers:\n- name: a\n  image: @\n", "containers[].image"},
    {"containers:\n  - name: a\n    image: @ # it\n    args: []\n", "containers[].image"},
    {"containers:\n  - image: '@'\n", "containers[].image"},
    {"containers:\n  - image: a:@\n", "containers[].image"},
    {"containers:\n  - image: \"{{ .a }}/@:{{ .c }}\"\n", "containers[].image"},
    {"containers:\n  - image: a@\n", ""},
    {"containers:\n  - image: @/a:1\n", "containers[].image"},
    {"containers:\n  - image: \"@a\"\n", ""},
    {"containers:\n  - image: @\n      more\n", ""},
    {"containers:\n  - image: @\n    {{- if .a }}\n    args:\n    {{- end }}\n", "containers[].image"},
    {"containers:\n  - image: @\n    {{- toYaml .a | nindent 4 }}\n", "containers[].image"},
    {"containers:\n  - image: @\n    {{- toYaml .a | nindent 6 }}\n", ""},
    {"containers:\n  - image: @\n    {{- toYaml .a }}\n", ""},
    {"containers: |\n  - image: @\n", ""},
    {"{{ .key }}:\n  - image: @\n", ""},
    {"volumes:\n  - image: @\n", ""},
    {"mycontainers:\n  - image: @\n", ""},
    {"containers:\n  - ports:\n      - name: a\n        containerPort: @\n", "ports[].containerPort"},
    {"kind: Service\nspec:\n  ports:\n  - port: @\n", "spec.ports[].port"},
    {"kind: Gateway\nspec:\n  ports:\n  - port: @\n", ""},
    {"spec:\n  ports:\n  - port: @\nkind: Service\n", "spec.ports[].port"},
    {"kind: Service\n---\nspec:\n  ports:\n  - port: @\n", ""},
    {"kind: PersistentVolumeClaim\nspec:\n  accessModes:\n    - @\n", "spec.accessModes[]"},
    {"metadata:\n  name: @\n", "metadata.name"},
    {"spec:\n  metadata:\n    name: @\n", ""},
    {"metadata:\n  labels:\n    {{- include \"l\" . | nindent 4 }}\n  name: @\n", "metadata.name"},
    {"{{- define \"d\" }}\nmetadata:\n  name: @\n{{- end }}", ""},
    {"{{- define \"d\" }}\n{{- end }}\nmetadata:\n  name: @\n", "metadata.name"},
    {"{{- define \"d\" }}\nenv:\n- name: @\n{{- end }}\n{{- define \"e\" }}\n  a: b\n", "env[].name"},
    {"httpGet: # here\n  path: /\n  port: @\n", "httpGet.port"},
    {"metadata:\n  name: x-@\n", ""},
    {"metadata:\n  name: @-}}\n", ""},
    {"@", ""},
    {"- @\n", ""},
    {"a: b: @\n", ""},
};

Test(manifest, fields_that_cannot_be_empty) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = str_from(cases[i].text);
        uint32_t at = (uint32_t)str_find_char(text, '@');
        uint32_t end = at + 1;
        if (str_starts(str_slice(text, end, text.len), STR("-}}"))) end += 3;
        struct str field = manifest_needed_at(&a, text, span_make(at, end));
        cr_expect(str_eq(field, str_from(cases[i].field)), "%s: wanted \"%s\", got \"%.*s\"", cases[i].text,
                  cases[i].field, STR_ARG(field));
    }
    arena_free(&a);
}
