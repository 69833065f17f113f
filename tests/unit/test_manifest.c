#include <criterion/criterion.h>

#include "template/eval/manifest.h"

#define IN_DEFINE "{{- define \"d\" }}\n"

/* `@` stands for the action. */
static const struct {
    const char *text, *field;
} cases[] = {
    {IN_DEFINE "containers:\n- name: a\n  image: @\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - name: a\n    image: @ # it\n    args: []\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: '@'\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: a:@\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: \"{{ .a }}/@:{{ .c }}\"\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: a@\n", ""},
    {IN_DEFINE "containers:\n  - image: @/a:1\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: \"@a\"\n", ""},
    {IN_DEFINE "containers:\n  - image: @\n      more\n", ""},
    {IN_DEFINE "containers:\n  - image: @\n    {{- if .a }}\n    args:\n    {{- end }}\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: @\n    {{- toYaml .a | nindent 4 }}\n", "containers[].image"},
    {IN_DEFINE "containers:\n  - image: @\n    {{- toYaml .a | nindent 6 }}\n", ""},
    {IN_DEFINE "containers:\n  - image: @\n    {{- toYaml .a }}\n", ""},
    {IN_DEFINE "containers: |\n  - image: @\n", ""},
    {IN_DEFINE "{{ .key }}:\n  - image: @\n", ""},
    {IN_DEFINE "volumes:\n  - image: @\n", ""},
    {IN_DEFINE "mycontainers:\n  - image: @\n", ""},
    {IN_DEFINE "containers:\n  - ports:\n      - name: a\n        containerPort: @\n", "ports[].containerPort"},
    {"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: @\n", "containers[].name"},
    {"apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      volumes:\n      - name: @\n",
     "volumes[].name"},
    {"apiVersion: {{ .v }}\nkind: Pod\nspec:\n  containers:\n    - name: @\n", "containers[].name"},
    {"apiVersion: example.com/v1\nkind: Pod\nspec:\n  containers:\n    - name: @\n", ""},
    {"apiVersion: example.com/v1\nkind: Thing\nspec:\n  values:\n    env:\n    - name: @\n", ""},
    {"apiVersion: apps/v1\nkind: Deployment\nspec:\n  env:\n  - name: @\n", ""},
    {"envFrom:\n- secretRef:\n    name: @\n", ""},
    {IN_DEFINE "envFrom:\n- secretRef:\n    name: @\n", "envFrom[].secretRef.name"},
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
    {IN_DEFINE "httpGet: # here\n  path: /\n  port: @\n", "httpGet.port"},
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
        struct str field = scope_needed_at(&a, text, span_make(at, end));
        cr_expect(str_eq(field, str_from(cases[i].field)), "%s: wanted \"%s\", got \"%.*s\"", cases[i].text,
                  cases[i].field, STR_ARG(field));
    }
    arena_free(&a);
}
