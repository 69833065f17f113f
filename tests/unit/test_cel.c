#include <criterion/criterion.h>
#include <stdio.h>

#include "cel/cel.h"
#include "value/json.h"

/* Tests see two variables, `self` and `values`, with one JSON document in both. */
static struct arena arena;

static const struct cel_variable variables[] = {{STR_INIT("self"), NULL}, {STR_INIT("values"), &cel_types[CEL_MAP]}};

static const struct cel_env *environment(void) {
    return cel_env_make(&arena, &(struct cel_options){.variables = variables, .count = 2});
}

static const char document[] =
    "{\"pool\": {\"min\": 1, \"max\": 10}, \"tag\": \"latest\", \"rate\": 1.5, \"on\": true, \"none\": null,"
    " \"ports\": [{\"name\": \"http\", \"port\": 8080}, {\"name\": \"grpc\", \"port\": 9090}],"
    " \"dashed-key\": 7, \"env\": {\"LOG_LEVEL\": \"INFO\", \"A_KEY\": \"x\"}, \"cpu\": \"500m\", \"memory\": \"1Gi\"}";

static const struct cel_program *compile(const char *text) {
    struct cel_error error;
    const struct cel_program *program = cel_compile(&arena, environment(), str_from(text), &error);
    cr_assert(program, "%s does not compile: %.*s", text, STR_ARG(error.message));
    return program;
}

static struct cel_value eval_with(const char *text, uint64_t budget) {
    struct value *root = arena_new(&arena, struct value);
    struct json_error error;
    cr_assert(json_parse(&arena, str_from(document), root, &error), "%s", error.message);
    struct cel_value slots[2] = {cel_from_value(root), cel_from_value(root)};
    return cel_eval(compile(text), slots, &arena, budget);
}

/* Expects that `text` evaluates to what prints as `expected`: the kind, a space, the text. */
static void gives(const char *text, const char *expected) {
    struct cel_value v = eval_with(text, CEL_BUDGET_DEFAULT);
    struct str kind = cel_kind_name(v.kind), shown = cel_to_text(&arena, &v);
    struct str got = arena_printf(&arena, "%.*s %.*s", STR_ARG(kind), STR_ARG(shown));
    cr_expect(str_eq(got, str_from(expected)), "%s gives `%.*s`, not `%s`", text, STR_ARG(got), expected);
}

/* Expects that `text` does not compile: `message`, at the bytes that are `where` in the text. */
static void refuses(const char *text, const char *where, const char *message) {
    struct cel_error error;
    const struct cel_program *program = cel_compile(&arena, environment(), str_from(text), &error);
    cr_assert(program == NULL, "%s compiles", text);
    struct str place = span_text(str_from(text), error.span);
    cr_expect(str_eq(error.message, str_from(message)), "%s: `%.*s`, not `%s`", text, STR_ARG(error.message), message);
    cr_expect(str_eq(place, str_from(where)), "%s: at `%.*s`, not at `%s`", text, STR_ARG(place), where);
    cr_expect(error.span.start <= error.span.end && error.span.end <= strlen(text), "%s: span out of the text", text);
}

Test(cel_parse, precedence) {
    gives("1 + 2 * 3", "int 7");
    gives("(1 + 2) * 3", "int 9");
    gives("10 - 4 - 3", "int 3");
    gives("100 / 10 / 2 * 3 % 4", "int 3");
    gives("-2 * -3", "int 6");
    gives("- 5 + 8", "int 3");
    gives("--5", "int 5");
    gives("!!true", "bool true");
    gives("!true || true", "bool true");
    gives("true || false && false", "bool true");
    gives("(true || false) && false", "bool false");
    gives("1 < 2 == true", "bool true");
    gives("1 + 1 in [2, 3]", "bool true");
    gives("false ? 1 : true ? 2 : 3", "int 2");
    gives("1 == 1 ? 'yes' : 'no'", "string yes");
    gives("-self.pool.max", "int -10");
    gives("-9223372036854775808", "int -9223372036854775808");
    gives("[1, 2, 3,][1]", "int 2");
    gives("{'a': {'b': [1, 2]},}.a.b[1] // a comment", "int 2");
}

Test(cel_parse, literals) {
    gives("0x1F", "int 31");
    gives("-0x1F", "int -31");
    gives("0xFFFFFFFFFFFFFFFFu", "uint 18446744073709551615");
    gives("7u + 1U", "uint 8");
    gives(".5 + 1.25e1", "double 13");
    gives("1e3", "double 1000");
    gives("'a\\tb' == \"a\\x09b\"", "bool true");
    gives("'\\u00e9\\U0001F600\\101\\?\\`'", "string \xC3\xA9\xF0\x9F\x98\x80"
                                             "A?`");
    gives("r'a\\tb'", "string a\\tb");
    gives("'''it's\n''here'''", "string it's\n''here");
    gives("R\"\"\"a\"b\\\"\"\"", "string a\"b\\");
    gives("size(b'\\xff\\000')", "int 2");
    gives("bR'\\x' == b'\\\\x'", "bool true");
    gives("size('\xC3\xA9')", "int 1");
    gives("size(b'\xC3\xA9')", "int 2");
    gives("[null, true, false]", "list [null, true, false]");
}

Test(cel_parse, errors_have_a_place) {
    refuses("", "", "expected an expression, found the end of the expression");
    refuses("(1 + 2", "(", "this `(` is never closed: expected `)`");
    refuses("size([1, 2)", ")", "expected `,` or `]`, found `)`");
    refuses("f(1 2)", "2", "expected `,` or `)`, found `2`");
    refuses("1 + ", "", "expected an expression, found the end of the expression");
    refuses("1 + * 2", "*", "expected an expression, found `*`");
    refuses("1 2", "2", "expected an operator or the end of the expression, found `2`");
    refuses("1)", ")",
            "expected an operator or the end of the expression: nothing was opened that this closes, found `)`");
    refuses("self.", "", "expected a field name, found the end of the expression");
    refuses("self.in", "in", "`in` is a reserved word: write [\"in\"]");
    refuses("true ? 1", "", "expected `:` and what holds otherwise, found the end of the expression");
    refuses("{'a' 1}", "1", "expected `:` and the value of this key, found `1`");
    refuses("'abc", "'", "this string has no end");
    refuses("'a\\qb'", "\\q", "this is no escape sequence");
    refuses("'\\ud800'", "\\u", "this escape is not a Unicode character");
    refuses("b'\\u0041'", "\\u", "\\u and \\U stand for characters: bytes take \\x and octal escapes");
    refuses("1a", "1a", "this is no number");
    refuses("9223372036854775808", "9223372036854775808", "this number is too large for an integer of 64 bits");
    refuses("1 = 2", "=", "`=` is no operator: `==` compares");
    refuses("true & false", "&", "`&` is no operator: `&&` means and");
    refuses("1 # 2", "#", "this character has no meaning here");
    refuses("while", "while", "`while` is a reserved word and names nothing");
    refuses("a.b{c: 1}", "a.b{", "there are no protobuf messages here: a map is written {\"key\": value}");
    refuses("has(self)", "self", "has() takes a field, as in has(a.b); for a key, write: 'key' in map");
    refuses("[1].all(1, true)", "1", "all() takes the name of a variable here, as in list.all(x, ...)");
    refuses("'\xFF'", "\xFF", "this byte is no UTF-8");
}

Test(cel_check, names_and_types) {
    refuses("sefl.pool", "sefl", "undeclared reference to `sefl`; did you mean `self`?");
    refuses("size + 1", "size", "undeclared reference to `size`, only a function: write size(...)");
    refuses("siez(self)", "siez", "unbound function `siez`; did you mean `size`?");
    refuses("self.tag.startWith('a')", "startWith", "unbound function `startWith`; did you mean `startsWith`?");
    refuses("startsWith('a', 'b')", "startsWith", "`startsWith` is called on a value: write x.startsWith(...)");
    refuses("'1'.int()", "int", "`int` is a function, not a method: write int(x)");
    refuses("'a'.startsWith()", "startsWith", "`startsWith` takes 1 argument, not 0");
    refuses("'a'.substring()", "substring", "`substring` takes 1 or 2 arguments, not 0");
    refuses("'a'.startsWith(1)", "'a'.startsWith(1)", "no such overload: string.startsWith(int)");
    refuses("1 + 'a'", "1 + 'a'", "no such overload: `+` does not work on int and string");
    refuses("'a' == 1", "'a' == 1", "`==` compares string with int, which are never equal");
    refuses("!1", "1", "`!` takes bool, not int");
    refuses("true && 'x'", "'x'", "`&&` takes bool, not string");
    refuses("1 ? 2 : 3", "1", "`?` takes bool, not int");
    refuses("[1].all(x, x)", "x", "a predicate takes bool, not int");
    refuses("'a'.b", "b", "no such field `b`: string has no fields");
    refuses("1.all(x, true)", "1", "this macro takes a list or a map, not int");
    refuses("[1, 2].map(x, y)", "y", "undeclared reference to `y`");
    refuses("self.tag.matches('[a')", "", "invalid regular expression: missing terminating ] for character class");
    cr_expect_eq(cel_program_type(compile("self.x == 1"))->kind, CEL_BOOL);
    cr_expect_eq(cel_program_type(compile("self.x"))->kind, CEL_DYN);
    cr_expect_eq(cel_program_type(compile("[1, 2].map(x, string(x))"))->elem->kind, CEL_STRING);
}

Test(cel_eval, values_of_files) {
    gives("self.pool.min <= self.pool.max", "bool true");
    gives("!(self.tag in ['latest', 'main'])", "bool false");
    gives("self.rate", "double 1.5");
    gives("self['dashed-key'] + self.`dashed-key`", "int 14");
    gives("self.none == null", "bool true");
    gives("self.ports.map(p, p.port)", "list [8080, 9090]");
    gives("self.ports.exists(p, p.name == 'grpc' && p.port == 9090)", "bool true");
    gives("self.env.all(k, k.matches('^[A-Z_]+$'))", "bool true");
    gives("self.env.filter(k, k.endsWith('_KEY'))", "list [A_KEY]");
    gives("self.env.transformMap(k, v, v + '!')", "map {A_KEY: x!, LOG_LEVEL: INFO!}");
    gives("self.ports.transformList(i, p, i * 2)", "list [0, 2]");
    gives("cel.bind(p, self.pool, p.min + p.max)", "int 11");
    gives("has(self.pool.min) && !has(self.pool.other)", "bool true");
    gives("self.pool == {'max': 10.0, 'min': 1u}", "bool true");
    gives("self.pool.other", "error no such key: other");
    gives("self.pool.other == 1 || true", "bool true");
    gives("false && self.pool.other == 1", "bool false");
    gives("self.pool.other == 1 || false", "error no such key: other");
    gives("self.tag.x", "error no such overload: type 'string' does not support field selection");
    gives("self.ports[2]", "error index out of range: 2");
    gives("self.pool.min + self.tag", "error no such overload: +(int, string)");
    gives("1 / (self.pool.min - 1)", "error division by zero");
    gives("self.pool.max * 9223372036854775807", "error integer overflow");
    gives("{'a': 1, 'b': 2}.exists_one(k, k == 'a')", "bool true");
    gives("{self.tag: 1, 'latest': 2}", "error Failed with repeated key: latest");
}

Test(cel_eval, origins_and_conversion) {
    struct cel_value v = eval_with("self.ports.filter(p, p.port > 9000)[0].name", CEL_BUDGET_DEFAULT);
    cr_assert(v.origin != NULL);
    cr_expect(str_eq(span_text(STR(document), v.origin->span), STR("\"grpc\"")));
    struct value out;
    struct buf b = buf_in(&arena);
    v = eval_with("{'a': [1, 2u, 1.5], 'b': self.pool, 'c': quantity('1500m'), 7: duration('90s')}",
                  CEL_BUDGET_DEFAULT);
    cr_assert(cel_to_value(&arena, &v, &out));
    json_write(&b, &out, JSON_ONE_LINE);
    cr_expect(str_eq(buf_str(&b), STR("{\"7\":\"90s\",\"a\":[1,2,1.5],\"b\":{\"max\":10,\"min\":1},\"c\":\"1.5\"}")),
              "%.*s", STR_ARG(buf_str(&b)));
    v = eval_with("{1: 1, '1': 2}", CEL_BUDGET_DEFAULT);
    cr_expect(!cel_to_value(&arena, &v, &out), "two keys that are one in JSON");
    v = eval_with("self.missing", CEL_BUDGET_DEFAULT);
    cr_expect(!cel_to_value(&arena, &v, &out));
    cr_expect(str_eq(span_text(STR("self.missing"), v.span), STR("self.missing")));
}

Test(cel_functions, quantities) {
    gives("quantity('1.5Gi').asInteger()", "int 1610612736");
    gives("quantity('500m').asApproximateFloat()", "double 0.5");
    gives("quantity('1e3') == quantity('1k')", "bool true");
    gives("quantity('0.1').isInteger()", "bool false");
    gives("quantity('0.1') == quantity('100m')", "bool true");
    gives("quantity('1Gi').isGreaterThan(quantity('1G'))", "bool true");
    gives("quantity(self.cpu).isLessThan(quantity(1))", "bool true");
    gives("quantity('50k').add(20).sub(quantity('100u'))", "kubernetes.Quantity 50019.9999");
    gives("quantity('-1').sign()", "int -1");
    gives("quantity('200M').compareTo(quantity('0.2G'))", "int 0");
    gives("quantity('1n') == quantity('0.0000000001')", "bool true"); /* finer ones are rounded away from zero */
    gives("quantity('1Ei').asInteger()", "int 1152921504606846976");
    gives("quantity('100E').asInteger()", "error cannot convert value to integer");
    gives("['1.5', '.5', '5.', '+1Ki', '1E3', '1e-3'].all(q, isQuantity(q))", "bool true");
    gives("['', '1.', 'x', '1KI', '1 Gi', '--1', '1e', '1.2.3', 'Gi', '1e9999'].filter(q, isQuantity(q))", "list [1.]");
    gives("quantity('10Kb')", "error `10Kb` is no quantity such as 500m, 1.5 or 2Gi");
}

Test(cel_functions, urls) {
    const char *u = "url('https://user@Example.com:80/a%20b/c?k=v&k=w&x=1+2#f')";
    gives(arena_printf(&arena, "%s.getScheme()", u).ptr, "string https");
    gives(arena_printf(&arena, "%s.getHost()", u).ptr, "string Example.com:80");
    gives(arena_printf(&arena, "%s.getHostname()", u).ptr, "string Example.com");
    gives(arena_printf(&arena, "%s.getPort()", u).ptr, "string 80");
    gives(arena_printf(&arena, "%s.getEscapedPath()", u).ptr, "string /a%20b/c");
    gives(arena_printf(&arena, "%s.getQuery()", u).ptr, "map {k: [v, w], x: [1 2#f]}");
    gives("url('https://[::1]:8200/').getHostname()", "string ::1");
    gives("url('/path with spaces').getEscapedPath()", "string /path%20with%20spaces");
    gives("isURL('/a/b') && isURL('postgresql://db.example.com/x')", "bool true");
    gives("isURL('../a') || isURL('a.example.com') || isURL('') || isURL(':80') || isURL('http://a:x/')", "bool false");
    gives("url('a')", "error `a` is no URL with a scheme, and no absolute path");
}

Test(cel_functions, lists_and_regexes) {
    gives("[1, 2.5, 3u].isSorted() && !['b', 'a'].isSorted()", "bool true");
    gives("[1, 2, 3].sum()", "int 6");
    gives("[].sum()", "int 0");
    gives("[1.5, 2.5].sum()", "double 4");
    gives("[3, 1, 2].min() + [3, 1, 2].max()", "int 4");
    gives("[].max()", "error max called on an empty list");
    gives("['a', 'b', 'a'].indexOf('a') * 10 + ['a', 'b', 'a'].lastIndexOf('a')", "int 2");
    gives("'abc 123'.find('[0-9]+')", "string 123");
    gives("'abc'.find('[0-9]+')", "string ");
    gives("'123 abc 456'.findAll('[0-9]+')", "list [123, 456]");
    gives("'123 abc 456'.findAll('[0-9]+', 1)", "list [123]");
    gives("'abaa'.findAll('a*')", "list [a, aa]");
    gives("'a\\n'.matches('^a$')", "bool false");
    gives("'x'.matches(self.tag + '(')", "error invalid regular expression: missing closing parenthesis");
}

Test(cel_functions, strings_and_times) {
    gives("'a-b-c'.split('-', 2)", "list [a, b-c]");
    gives("'caf\xC3\xA9'.split('')", "list [c, a, f, \xC3\xA9]");
    gives("'abc'.replace('', '-')", "string -a-b-c-");
    gives("'%s is %d%%'.format(['x', 3])", "string x is 3%");
    gives("'%s'.format([self.pool])", "string {max: 10, min: 1}");
    gives("int(timestamp('2024-02-29T12:00:00.5+02:00') + duration('1h30m'))", "int 1709206200");
    gives("timestamp('2024-02-30T00:00:00Z')",
          "error `2024-02-30T00:00:00Z` is no timestamp such as 2024-01-31T23:59:59Z");
    gives("string(duration('-1.5s') + duration('1ms'))", "string -1.499s");
    gives("timestamp('1969-12-31T23:59:59.25Z').getDayOfWeek('+02:00')", "int 4");
    gives("duration('1h') > duration('59m')", "bool true");
    gives("string(timestamp(0) - duration('1ns'))", "string 1969-12-31T23:59:59.999999999Z");
}

/* The reads of `text`, one after the other: path, and behind `:` how much of it is required and tested. */
static void reads(const char *text, const char *expected) {
    const struct cel_program *program = compile(text);
    struct buf b = buf_in(&arena);
    uint32_t count;
    const struct cel_read *list = cel_program_reads(&arena, program, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct str path = cel_read_text(&arena, program, &list[i]);
        buf_addf(&b, "%s%.*s:%u/%u%s", i ? " " : "", STR_ARG(path), list[i].required, list[i].tested,
                 list[i].conditional ? "?" : "");
    }
    cr_expect(str_eq(buf_str(&b), str_from(expected)), "%s reads `%.*s`, not `%s`", text, STR_ARG(buf_str(&b)),
              expected);
}

Test(cel_reads, paths) {
    reads("self.pool.min <= values.database.pool.max", "self.pool.min:2/2 values.database.pool.max:3/3");
    reads("self['a-b'].c == self['a-b'].c", "self[\"a-b\"].c:2/2");
    reads("size(self) > 1", "self:0/0");
    reads("self.ports.all(p, p.port > 0)", "self.ports:1/1 self.ports[*].port:3/3?");
    reads("self[values.key].x", "values.key:1/1 self[*].x:2/2");
    reads("cel.bind(p, self.pool, p.min)", "self.pool.min:2/2");
    reads("[1].map(x, x)", "");
    reads("self.env.transformList(k, v, v)", "self.env:1/1 self.env[*]:2/2?");
    reads("self.type == 'kafka' ? self.kafka.x : 'y'", "self.type:1/1 self.kafka.x:2/2?");
}

Test(cel_reads, guards) {
    reads("has(self.a.b)", "self.a.b:1/2");
    reads("has(self.a.b) && self.a.b.c > 1", "self.a.b:1/2 self.a.b.c:1/2?");
    reads("self.a.b.c > 1 && has(self.a.b)", "self.a.b.c:1/2 self.a.b:1/2?");
    reads("!has(self.a) || self.a.b == 1", "self.a:0/1 self.a.b:0/1?");
    reads("has(self.a) ? self.a : self.b", "self.a:0/1 self.a:0/1? self.b:1/1?");
    reads("!has(self.a) ? 1 : self.a.b", "self.a:0/1 self.a.b:0/1?");
    reads("has(self.a) && has(self.a.b) && self.a.b.c", "self.a:0/1 self.a.b:0/2? self.a.b.c:0/2?");
    reads("'k-1' in self.env && self.env['k-1'] == ''", "self.env[\"k-1\"]:1/2 self.env[\"k-1\"]:1/2?");
    reads("has(self.a) || self.a.b", "self.a:0/1 self.a.b:2/2?");
    reads("self.list.all(i, !has(i.x) || i.x.y > 0)", "self.list:1/1 self.list[*].x:2/3? self.list[*].x.y:2/3?");
}

Test(cel_limits, budget) {
    struct cel_value v = eval_with("[1, 2, 3].all(x, x > 0) || true", 5);
    cr_expect_eq(v.kind, CEL_ERROR);
    cr_expect_eq(v.fault, CEL_FAULT_BUDGET);
    cr_expect(str_eq(cel_error_text(&arena, &v), STR("the evaluation takes too many steps")));
    cr_expect(cel_is_true(&(struct cel_value){.kind = CEL_BOOL, .boolean = true}));
    v = eval_with("[1, 2, 3].all(x, x > 0) || true", 50);
    cr_expect(cel_is_true(&v));
}

/* Evaluates what would take for ever, and expects that it ends with `fault`. */
static void ends(struct str text, enum cel_fault fault) {
    struct cel_error error;
    struct arena scratch = {0};
    const struct cel_program *program = cel_compile(&arena, environment(), text, &error);
    cr_assert(program, "%.*s", STR_ARG(error.message));
    struct cel_value slots[2] = {cel_from_string(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")), {0}};
    struct cel_value v = cel_eval(program, slots, &scratch, CEL_BUDGET_DEFAULT);
    cr_expect(v.kind == CEL_ERROR && v.fault == fault, "%.*s: %.*s", STR_ARG(text),
              STR_ARG(cel_error_text(&arena, &v)));
    arena_free(&scratch);
}

Test(cel_limits, hostile_evaluations_end) {
    ends(STR("self.matches('^(a+)+[^a]') || true"), CEL_FAULT_REGEX);
    ends(STR("self.matches('^(([a-z])+.)+[A-Z]([a-z])+$')"), CEL_FAULT_REGEX);
    ends(STR("[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c,"
             "[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, f >= 0))))))"),
         CEL_FAULT_BUDGET);
    ends(STR("cel.bind(a, self.replace('', self), cel.bind(b, a.replace('', a), b.replace('', b)))"), CEL_FAULT_BUDGET);
    ends(STR("['', '', '', '', '', '', '', ''].map(x, [x+x,x+x]).map(x, x.map(y, [y, y, y, y])).map(x, [x, x].map(y,"
             "self.split('').map(z, self.split('').map(w, self.split('').map(v, self.split(''))))))"),
         CEL_FAULT_BUDGET);
    ends(STR("self.split('').map(x, self.split('').map(y, [self].join(self.replace('a', self).replace('a', self))))"
             ".map(x, x.join(self))"),
         CEL_FAULT_BUDGET);
    ends(STR("'%.1000f'.format([1.0]).replace('0', self.replace('a', self)).replace('a', self.replace('a', self))"),
         CEL_FAULT_BUDGET);
}

Test(cel_limits, regexes_on_long_texts) {
    struct cel_value slots[2] = {{0}, {0}};
    struct buf b = buf_in(&arena);
    buf_add_repeat(&b, 'a', 100000);
    slots[0] = cel_from_string(buf_str(&b));
    struct cel_value v = cel_eval(compile("self.matches('^[a-z]+$')"), slots, &arena, CEL_BUDGET_DEFAULT);
    cr_expect(cel_is_true(&v), "%.*s", STR_ARG(cel_error_text(&arena, &v)));
    v = cel_eval(compile("self.matches('a*b|c')"), slots, &arena, CEL_BUDGET_DEFAULT);
    cr_expect_eq(v.fault, CEL_FAULT_BUDGET, "each of 100000 places is tried");
    slots[0] = cel_from_string(str_slice(buf_str(&b), 0, 7000));
    v = cel_eval(compile("self.matches('b|a$')"), slots, &arena, CEL_BUDGET_DEFAULT);
    cr_expect(cel_is_true(&v), "%.*s", STR_ARG(cel_error_text(&arena, &v)));
}

Test(cel_limits, hostile_texts_are_refused) {
    struct cel_error error;
    const char *pieces[] = {"(", "[", "!", "-", "a.map(x,", "{1:", "size(", "1?2:", "a["};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf b = buf_in(&arena);
        for (int j = 0; j < 100000; j++) buf_add(&b, str_from(pieces[i]));
        cr_expect_null(cel_compile(&arena, environment(), buf_str(&b), &error), "%s", pieces[i]);
        cr_expect(str_eq(error.message, STR("this expression is nested more than 400 levels deep")), "%s: %.*s",
                  pieces[i], STR_ARG(error.message));
    }
    struct buf deep = buf_in(&arena); /* just within the limit: it is evaluated */
    for (int j = 0; j < 190; j++) buf_add(&deep, STR("[1].map(x, "));
    buf_add(&deep, STR("1"));
    buf_add_repeat(&deep, ')', 190);
    gives(arena_printf(&arena, "size(%.*s)", STR_ARG(buf_str(&deep))).ptr, "int 1");
    struct buf sum = buf_in(&arena), any = buf_in(&arena);
    for (int j = 0; j < 100000; j++) buf_add(&sum, STR("1+"));
    buf_add(&sum, STR("1"));
    cr_expect_null(cel_compile(&arena, environment(), buf_str(&sum), &error));
    cr_expect(str_eq(error.message, STR("this expression is nested more than 400 levels deep")));
    for (int j = 0; j < 100000; j++) buf_add(&any, STR("false||"));
    buf_add(&any, STR("true"));
    cr_expect_not_null(cel_compile(&arena, environment(), buf_str(&any), &error), "a chain of || is no nesting");
}
