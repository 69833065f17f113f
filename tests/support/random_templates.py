"""Random calls of the functions that templates have, over random values: the same for the same seed."""
import json

# What each function takes: a letter a parameter, `*` behind the last for any number of them. Letters are the keys of
# Maker.KINDS; what each stands for is there.
FUNCTIONS = {
    "abbrev": "wx", "abbrevboth": "wwx", "add": "n*", "add1": "n", "add1f": "n", "addf": "n*", "adler32sum": "x",
    "all": "a*", "any": "a*", "append": "la", "atoi": "#", "b32dec": "3", "b32enc": "x", "b64dec": "6",
    "b64enc": "x", "biggest": "nn*", "cat": "a*", "ceil": "n", "chunk": "Wl", "coalesce": "a*", "compact": "l",
    "concat": "l*", "contains": "ss", "deepCopy": "A", "deepEqual": "aa", "default": "aa", "dict": "sasa",
    "dig": "kkaD", "div": "nn", "divf": "nn*", "empty": "a", "first": "l", "float64": "#", "floor": "n",
    "get": "mk", "has": "al", "hasKey": "mk", "hasPrefix": "ss", "hasSuffix": "ss", "html": "a*", "indent": "wx",
    "initial": "l", "initials": "x", "int": "#", "int64": "#", "join": "sl", "js": "a*", "kindIs": "Ka",
    "kindOf": "a",
    "last": "l", "list": "a*", "lower": "x", "max": "nn*", "maxf": "nn*", "merge": "mm*", "mergeOverwrite": "mm*",
    "min": "nn*", "minf": "nn*", "mod": "nn", "mul": "nn*", "mulf": "nn*", "mustAppend": "la", "mustMerge": "mm*",
    "mustMergeOverwrite": "mm*", "mustToJson": "a", "mustUniq": "l", "nindent": "wx", "nospace": "x", "omit": "mk*",
    "pick": "mk*", "pluck": "km*", "plural": "ssw", "prepend": "la", "print": "a*", "printf": "f", "println": "a*",
    "quote": "a*", "repeat": "wx", "replace": "ssx", "rest": "l", "reverse": "l", "round": "nw", "seq": "w*",
    "set": "mka", "sha1sum": "x", "sha256sum": "x", "sha512sum": "x", "slice": "lw*", "sortAlpha": "l",
    "split": "sx", "splitList": "sx", "splitn": "swx", "squote": "a*", "sub": "nn", "subf": "nn*", "substr": "wwx",
    "swapcase": "x", "ternary": "aab", "title": "x", "toDecimal": "#", "toJson": "a", "toPrettyJson": "a",
    "toRawJson": "a", "toString": "a", "toStrings": "a", "toYaml": "a", "trim": "x", "trimAll": "sx",
    "trimPrefix": "sx", "trimSuffix": "sx", "trunc": "wx", "tuple": "a*", "typeIs": "Ta", "typeIsLike": "Ta",
    "typeOf": "a", "uniq": "l", "unset": "mk", "until": "w", "untilStep": "www", "untitle": "x", "upper": "x",
    "urlquery": "a*", "without": "la*", "wrap": "wx", "wrapWith": "wsx",
    "base": "p", "camelcase": "x", "clean": "p", "dir": "p", "ext": "p", "isAbs": "p", "kebabcase": "x",
    "osBase": "p",
    "osDir": "p", "osClean": "p", "osExt": "p", "osIsAbs": "p", "snakecase": "x",
    "mustRegexFind": "rx", "mustRegexFindAll": "rxw", "mustRegexMatch": "rx", "mustRegexReplaceAll": "rxR",
    "mustRegexReplaceAllLiteral": "rxR", "mustRegexSplit": "rxw", "regexFind": "rx", "regexFindAll": "rxw",
    "regexMatch": "rx", "regexQuoteMeta": "x", "regexReplaceAll": "rxR", "regexReplaceAllLiteral": "rxR",
    "regexSplit": "rxw", "semver": "v", "semverCompare": "cv",
    "fromJson": "j", "fromJsonArray": "j", "mustFromJson": "j", "fromYaml": "y", "fromYamlArray": "y",
    "date": "ti", "dateInZone": "tiz", "duration": "N", "durationRound": "N", "htmlDate": "i", "htmlDateInZone": "iz",
    "toToml": "M", "urlJoin": "L", "urlParse": "u",
    # text/template's own, which the interpreter has
    "eq": "aa*", "ne": "aa", "lt": "##", "le": "##", "gt": "##", "ge": "##", "not": "a", "and": "a*", "or": "a*",
    "index": "CI", "len": "C",
}
# What Helm 4 alone has.
FUNCTIONS_4 = {
    "durationDays": "N", "durationHours": "N", "durationMicroseconds": "N", "durationMilliseconds": "N",
    "durationMinutes": "N", "durationNanoseconds": "N", "durationRoundTo": "NN", "durationSeconds": "N",
    "durationTruncateTo": "NN", "mustToToml": "M", "durationWeeks": "N", "mustToDuration": "N", "mustToYaml": "a",
}
# What random calls cannot compare, and why.
UNCOMPARED = {
    **dict.fromkeys(("bcrypt", "buildCustomCert", "decryptAES", "derivePassword", "encryptAES", "genCA", "genCAWithKey",
                     "genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert",
                     "genSignedCertWithKey", "getHostByName", "htpasswd", "randAlpha", "randAlphaNum", "randAscii",
                     "randBytes", "randInt", "randNumeric", "shuffle", "uuidv4"), "random, or a secret: a hole"),
    **dict.fromkeys(("ago", "now"), "the clock: a hole"),
    **dict.fromkeys(("dateModify", "date_modify", "mustDateModify", "must_date_modify", "mustToDate", "toDate",
                     "unixEpoch"), "times are not followed: a hole"),
    **dict.fromkeys(("fromToml", "toYamlPretty"), "not written: a hole"),
    **dict.fromkeys(("keys", "values"), "Go gives them in another order each time"),
    **dict.fromkeys(("call", "fail", "include", "lookup", "required", "tpl"), "the interpreter's: whole charts"),
    **dict.fromkeys(("date_in_zone", "mustDeepCopy", "mustCompact", "mustChunk", "mustFirst", "mustHas", "mustInitial",
                     "mustLast", "mustPrepend", "mustPush", "mustRest", "mustReverse", "mustSlice", "mustWithout",
                     "mustToPrettyJson", "mustToRawJson", "push", "trimall", "hello"),
                    "the same C function as one that is compared"),
}
# What makes as much as a number says is given small numbers only.
COSTLY = ("indent", "nindent", "repeat", "seq", "until", "untilStep")
WORDS = ("", "a", "b", "abc", "a-b", "app", "x y", " x", "y ", "-", "foo bar baz", "true", "null", "5", "0x1F", "1e3",
         "a.b.c", "a: b", "#x", "- a", "é", "ß", "İx", "日本", "a\nb", "a\n", "\n", " a\nb ", "a\tb", "tab\t", "\"q\"",
         "it's", "\\", "{{ x }}", "1.10", "~", "yes", "2001-01-01", "a,b,c", "Hello World", "fooBarBaz",
             "HTTPServer2x",
         "<b>&amp;</b>", "key=value", "[x]", "{y}", "*", "&a", "!t", "%", "@", "`", "|", ">", "a #b", "a:", ":a", "?",
         "? a", "---", "--- a", "...", "0", "-0", "007", "08", "1_000", ".5", "5.", "+1", ".inf", "12:30", "😀", "a😀b",
         "\u00a0x", "\u200b", "\u2028", "x\u2029y", "\u0085", "a\u0085b", "\ufeff", "\ufeffx", "\ufffd", "\u0007",
             "\u001b[0m", "\u007f",
         "\r", "a\r\nb", "a  b", "a b", "long " * 30, "x" * 90 + " y z", "word  word " * 12,
             "it's a \"quoted\" text " * 6,
         "line one\n\n  line two\n", "line\n \nx", "  indented\nlines", "trailing \nspace", "-a", "a\\nb", "$x",
             "0.1",
         "0o17", "0b11", "1e400", "y", "N", "on", "Null", "<<", "=", "a" * 200, "k\nk", "é" * 70 + " " + "ü" * 20)
FORMATS = ("%s", "%d", "%v", "%q", "%x", "%X", "%T", "%t", "%5s|", "%-5s|", "%05d", "%+d", "% d", "%.2f", "%8.3f|",
           "%e", "%g",
           "%G", "%#v", "%+v", "%c", "%U", "%#x", "%#q", "%+q", "%b", "%o", "%O", "%%", "%z", "%", "%!", "%5", "%.",
               "%5.1s|",
           "%*d", "%[1]s %[1]v", "%[2]s", "%[5]d", "%.*f", "%-08d|", "%x%X", "% x", "%#o", "%w", "%6.2q|",
               "%010.3f", "%+.2e",
           "%s-%s", "%s/%s:%v", "%03d", "%,d", "%é", "%.0f", "%5t|", "%[1]*.[2]*[3]f", "%[x]d", "%[1", "%v%v%v",
               "%F", "% q",
           "%.3x", "%-10q|", "%+x", "%#U", "%5c|", "%.1q", "%b %b")
NUMBERS = (0, 1, -1, 2, 3, 5, 7, 10, 80, 100, 1000000, 1234567, 0.1, 0.5, 2.5, -2.5, 1e-7, 123456789.5, 1e20, 1e21,
           9007199254740993, 1.5e300,
           -3.7, 1e6, 12345678.9, 4294967296, 9223372036854775807, 1e19, 1.9e19, -1e19, 0.000001, 3.0, 100000,
           999999, 5e-324)
NUMERIC = ("5", "-3", "0x10", "08", "017", "1_000", "1e3", " 5", "5.0", "5.7", "5.00", "", "x", "0b11", "0o17",
           "1.5", "inf", "nan", "+5", "-0",
           "9223372036854775808", "-9223372036854775809", "1e400", "0x1p4", "1__0", "5.", ".5", "00", "0x", "--1",
               "1e-400", "0x_1", "Infinity")
KINDS_OF_GO = ("string", "int", "int64", "float64", "bool", "map", "slice", "invalid", "ptr")
TYPES_OF_GO = ("string", "int", "int64", "float64", "bool", "map[string]interface {}", "[]interface {}", "[]string",
               "[]int", "<nil>", "x")
PATHS = ("", "/", "a", "a/b", "/a/b/", "//a//b", "a/../b", "../a", "/..", "/../a/./b", ".", "..", "a/..", "a.b/c",
         "x.tar.gz", ".hidden", "a/b.",
         "./a", "a//", "../../x", "a/b/../../..", "/a/../../b", "...", "a/.", "/.")
PATTERNS = ("", "a", "b*", "a+", "[a-c]+", "[^a-z]+", "(a)(b)?", "^a", "a$", "^$", "\\d+", "\\w+", "\\s",
            "[\\w-\\.]+", "^[\\w-\\.]+$", "(?i)ABC",
            "(?P<x>a)b", "(?<y>[a-z]+)-(\\d+)", "a|b|c", ".", ".*", "(?s).*", "(?m)^a$", "a{2,3}", "a{0,1001}",
                "x**", "(", ")", "[", "[]a]", "a(?=b)",
            "(?<=a)b", "\\1", "\\Z", "\\h", "a++", "[[:alpha:]]+", "[[:^digit:]]", "[[:foo:]]", "\\pL+",
                "\\p{Greek}", "\\Qa.b\\E", "\\x41", "\\x{e9}",
            "é", "[é-ü]+", "(?U)a+", "(a*)*", "(a|ab)(c|bcd)", "\\b", "\\B", "x{2}{3}", "{", "a{,2}", "a{2",
                "(?:a)", "(?i:a)B", "(?-i)a", "(?z)a", "a\\",
            "[a-\\d]", "[z-a]", "\\C", "[\\pL\\d]", "a??", "^*", "$+", "(?i)k", "[^\\S]", "[\\s\\S]", "\\Aa\\z",
                "-", "[^A-Za-z0-9-]", "^.*@sha256:", "\\.",
            "(\\d+)\\.(\\d+)", "\\W", "\\D+", "(?i)straße", "((a{30}){30}){2}", "(?P<n>a)(?P<n>b)", "(?P<>a)",
                "[[:word:]-]+", "[a-]", "[]", "[^]", "\\07",
            "(|a)+", "(a|)+b", "\\_", "\\8", "a**?", "(?i)[k-l]", "[^k]", "x*", "(?m)$", "\\a", "\\v", "[\\b]",
                "[[.a.]]", "[a&&b]", "(?#c)", "(?P=x)", "\\k<x>")
REPLACEMENTS = ("", "x", "$1", "${1}x", "$1x", "$x", "${y}", "$$", "$", "${", "$0", "-$2-", "$10", "${x", "é$1",
                "\\1", "$01")
VERSIONS = ("1.2.3", "v1.2.3", "1.2", "1", "1.02.3", "latest", "", "1.2.3.4", "1.2.3-rc.1", "1.2.3-rc.2+build",
            "1.29.0-gke.1", "v1.30.1+k3s1", "0.0.0", "0.1.0",
            "0.0.3", "2.0.0", "1.2.3-01", "1.2.3-a..b", "99999999999999999999.0.0", "1.20.0-0", "v1.20.15-eks-1",
                "1.2.3+", " 1.2.3", "1.2.3-", "1.19.0", "1.4.0")
CONSTRAINTS = (">=1.20.0", "<1.25-0", ">=1.4-0, <1.7-0", "^1.9-0", "> 1.6", ">= 1.19.x", "^6.19.0-0 || ^7.19.0-0",
               "<v3.7.0-ea.2", "=>1.2", "~>1.2",
               "~1.2.3", "!=1.2", "1.2 - 1.4", ">=1.0 <2.0", "*", "x", "", "=1.2", ">1.2", "1.2.3", "^0.0.3",
                   "^0.1", "^0", "~0", "~0.0.0", "!=1.2.3-rc.1",
               "1.x", ">=1.x", "<1", "<=1.2", "<=1", "> 1", ">=", "foo", "1.2.3 1.2.4", "1.2,1.2.3",
                   " >= 1.2 , < 2 ", "=<1.2", "1 || 2", "||", "1 ||", "^*", ">=1.2-0 <1.3-0",
               "!=1", "!=1.x", "1.2.3-rc.1 - 2", ">=1.2.3.4", "v1", "=v1.2.3", "^1.2.3-beta.2", ">= 1.19-0", "1|2",
                   ">1.2.3-rc.1", "<= 1.30.x-0", "~1", "^1.x", "1.2.3-01")
YAMLS = ("a: 1", "a: 010\nb: yes\nc: 1_000\nd: 0o10", "- a\n- b", "a", "", "null", "5", "a: 1\na: 2",
         "a: {b: [1, 2]}", "? x\n: y", "a: |\n  x\n  y\n",
         "a: >-\n  x\n  y", "a: 12:30\nb: 2001-01-01", "a: &x 1\nb: *x", "a:\n  b: 1\n<<: {c: 2}",
             "1: a\ntrue: b\n1.5: c", "---\na: 1\n---\nb: 2",
         "a: \"\\u00e9\\n\"", "a: 'it''s'", "# c\na: b # d", "a: .5\nb: +1\nc: 0x1F\nd: 1e3", "a: ~\nb:\nc: ''",
             "{a: 1, b}", "[a, b, {c: d}]", "a: !!str 5")
LAYOUTS = ("2006-01-02", "20060102150405", "Jan _2 15:04:05 2006", "Monday, January 2", "Mon Jan", "3:04PM",
           "03:04:05 pm", "06/1/2", "002 __2", "15h", "Z07:00", "-0700 MST", "-07:00:00", "Z070000",
           "2006-01-02T15:04:05Z07:00", "x", "January2006", "Janet", "Mondays", "05.000", "5.999",
           "4,00x", "05.0001", "_2006", "20061", "1504", "0", "01/02 03:04:05PM '06 -0700")
SECONDS = ("0", "1", "1700000000", "-1", "951782400", "1709164800", "4102444800", "-62135596800", "1e10", "86399",
           "253402300800")
DURATIONS = ("1h", "90s", "1h2m3s", "1.5h", "100ms", "10", "-5m", "x", "", "1d", "36h", "1000h", "9000h", "1us", "0",
             "1h-2m", ".5s", "2540400h", "9223372037s")
URL_PARTS = ("http:", "https:", "//", "/", "a", "user", ":", "pass", "@", "example.com", ":80", ":x", "[::1]", "?",
             "q=1&b=%20", "#", "frag", "%41", "%zz", "%2F", " ", "é", "mailto:", "a b", "*", "..", "+", ";", "=", ",",
             "[", "]", "<", "'", "!", "()", "oci://", "redis://", "://", "", "1", "[fe80::1%25en0]", "[1::2:3.4.5.6]", "[::]", "HTTP:", "%", "~",
             "$", "[::1", "|", "^", "\\", "\"")
URL_KEYS = ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo", "x")
KEYS = ("a", "b", "c", "key", "k1", "k10", "k2", "a-b", "1", "", "é", "A", "true", "x y", "a.b")


class Maker:
    """Makes cases: (name of the function, template, values)."""

    def __init__(self, random, helm):
        self.random = random
        self.functions = {**FUNCTIONS, **FUNCTIONS_4} if helm == 4 else FUNCTIONS
        self.names = sorted(self.functions)

    def word(self):
        r = self.random
        if r.random() < 0.75:
            return r.choice(WORDS)
        if r.random() < 0.5:
            return "".join(r.choice("ab -:#'\"\n,é.0{}[]") for _ in range(r.randrange(1, 30)))
        return " ".join(r.choice(WORDS) for _ in range(r.randrange(1, 25)))

    def value(self, depth=0):
        """A value of a values file."""
        r = self.random
        pick = r.random()
        if pick < 0.4:
            return self.word()
        if pick < 0.55:
            return r.choice(NUMBERS)
        if pick < 0.62:
            return r.choice((True, False))
        if pick < 0.68:
            return None
        if depth > 3:
            return {}
        if pick < 0.84:
            keys = [r.choice(KEYS) if r.random() < 0.8 else self.word() for _ in range(r.randrange(5))]
            return {key: self.value(depth + 1) for key in keys}
        return [self.value(depth + 1) for _ in range(r.randrange(5))]

    def string(self, text):
        """A literal; what Go's syntax has no simple escape for is given in hexadecimal."""
        escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\x{ord(c):02x}" if ord(c) < 128 else
                          f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text)
        return f'"{escaped}"'

    def keep(self, value):
        """A path to `value`, which becomes one of the case's values."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f".Values.{name}"

    def text(self, words=None):
        word = self.random.choice(words) if words else self.word()
        return self.string(word) if self.random.random() < 0.5 else self.keep(word)

    def number(self):
        r = self.random
        number = r.choice(NUMBERS)
        pick = r.random()
        if pick < 0.3:
            return self.keep(number)
        if pick < 0.4:
            return f"(int64 {self.keep(number)})"
        if pick < 0.45:
            return f"(float64 {self.keep(number)})"
        return json.dumps(number) if abs(number) < 2 ** 62 else "0"

    def pattern(self):
        r = self.random
        pattern = r.choice(PATTERNS)
        while r.random() < 0.3:
            pattern += r.choice(PATTERNS + ("*", "+", "?", "{2}", "|"))
        return self.text((pattern,))

    def constraint(self):
        r = self.random
        if r.random() < 0.6:
            return self.text(CONSTRAINTS)
        one = [r.choice(("", "=", "!=", ">", "<", ">=", "<=", "~", "^", "~>")) + r.choice(("",
        " ")) + r.choice(VERSIONS) for _ in range(r.randrange(1, 4))]
        return self.text((r.choice((" ", ", ", ",", " || ", " - ")).join(one),))

    def json(self):
        r = self.random
        text = json.dumps(self.value(1), ensure_ascii=r.random() < 0.5)
        if r.random() < 0.3:
            at = r.randrange(len(text) + 1)
            text = text[:at] + r.choice("{}[],:\"x\\u1 e.-\n'") + text[at + r.randrange(3):]
        return self.text((text,))

    def duration(self, depth):
        pick = self.random.random()
        if pick < 0.6:
            return self.text(DURATIONS)
        return f"(int64 {self.random.choice(SECONDS)})" if pick < 0.8 else self.any(depth + 1)

    def url(self):
        r = self.random
        if r.random() < 0.3:
            return self.word()
        return "".join(r.choice(URL_PARTS) for _ in range(r.randrange(1, 9)))

    def width(self):
        return str(self.random.choice((0, 1, 2, 3, 4, 5, 6, 8, 10, 20, 63, -1, -3)))

    def list(self, depth):
        r = self.random
        pick = r.random()
        if pick < 0.4:
            return self.keep([self.value(2) for _ in range(r.randrange(6))])
        if pick < 0.6:
            return "(list " + " ".join(self.any(depth + 1) for _ in range(r.randrange(5))) + ")"
        if pick < 0.7:
            return "(until 3)"
        if pick < 0.8:
            return '(splitList "," "b,a,c,,a")'
        if pick < 0.85:
            return "(list)"
        return self.call(r.choice(("append", "without", "uniq", "reverse", "sortAlpha", "rest", "concat",
            "compact")), depth + 1)

    def map(self, depth):
        r = self.random
        pick = r.random()
        if pick < 0.5:
            return self.keep({r.choice(KEYS): self.value(1) for _ in range(r.randrange(6))})
        if pick < 0.75:
            members = (f"{self.string(r.choice(KEYS))} {self.any(depth + 1)}" for _ in range(r.randrange(4)))
            return f"(dict {' '.join(members)})"
        if pick < 0.8:
            return '(split "." "a.b.c")'
        return self.call(r.choice(("merge", "mergeOverwrite", "omit", "pick", "set", "dict", "deepCopy")), depth + 1)

    def format(self, depth):
        r = self.random
        text = "".join(r.choice(FORMATS) + r.choice(("", " ", "-")) for _ in range(r.randrange(1, 3)))
        return self.string(text) + "".join(" " + self.any(depth + 1) for _ in range(r.randrange(4)))

    def any(self, depth):
        r = self.random
        pick = r.random()
        if depth < 3 and pick < 0.25:
            return self.call(r.choice(self.names), depth + 1)
        if pick < 0.55:
            return self.keep(self.value(1))
        if pick < 0.7:
            return self.text()
        if pick < 0.8:
            return self.number()
        if pick < 0.85:
            return r.choice(("true", "false"))
        if pick < 0.88:
            return "nil" if r.random() < 0.3 else ".Values.missing"
        return self.list(depth) if r.random() < 0.5 else self.map(depth)

    KINDS = {
        "a": lambda m, d: m.any(d),
        "A": lambda m, d: m.random.choice((m.list, m.map))(d) if m.random.random() < 0.9 else m.any(d),
        "b": lambda m, d: m.random.choice(("true", "false")),
        "s": lambda m, d: m.text(("", "a", "-", ",", "b", "ab", "x", " ", ".", "é", "\n", "o")),
        "x": lambda m, d: m.text(),
        "k": lambda m, d: m.text(KEYS),
        "n": lambda m, d: m.number() if m.random.random() < 0.8 else m.text(NUMERIC),
        "#": lambda m, d: m.random.choice((m.number, lambda: m.text(NUMERIC), lambda: m.any(d + 1)))(),
        "w": lambda m, d: m.width(),
        "W": lambda m, d: m.random.choice(("1", "2", "3", "5")),
        "l": lambda m, d: m.list(d),
        "m": lambda m, d: m.map(d),
        "D": lambda m, d: m.keep({"a": {"b": m.value(2), "c": {"a": 1}}, "b": m.value(2)}),
        "C": lambda m, d: m.random.choice((m.list, m.map, lambda d: m.text()))(d),
        "I": lambda m, d: m.random.choice((m.width, lambda: m.text(KEYS)))(),
        "f": lambda m, d: m.format(d),
        "p": lambda m, d: m.text(PATHS) if m.random.random() < 0.8 else m.text(),
        "r": lambda m, d: m.pattern(),
        "R": lambda m, d: m.text(REPLACEMENTS),
        "v": lambda m, d: m.text(VERSIONS) if m.random.random() < 0.9 else m.text(),
        "c": lambda m, d: m.constraint(),
        "j": lambda m, d: m.json(),
        "y": lambda m, d: m.random.choice((m.json, lambda: m.text(YAMLS), lambda: m.call("toYaml", d + 1)))(),
        "t": lambda m, d: m.text(LAYOUTS),
        "i": lambda m, d: m.random.choice(("(int %s)", "(int64 %s)")) % m.random.choice(SECONDS),
        "z": lambda m, d: m.text(("UTC", "", "UTC")),
        "N": lambda m, d: m.duration(d),
        "M": lambda m, d: m.map(d) if m.random.random() < 0.8 else m.any(d + 1),
        "u": lambda m, d: m.text((m.url(),)),
        "L": lambda m, d: m.keep({k: m.random.choice(URL_PARTS + ("http", "a.b:80")) for k in URL_KEYS
                                  if m.random.random() < 0.5}) if m.random.random() < 0.9 else m.map(d),
        "K": lambda m, d: m.text(KINDS_OF_GO),
        "T": lambda m, d: m.text(TYPES_OF_GO),
        "6": lambda m, d: m.text(("", "YQ==", "YWI=", "YWJj", "YW Jj", "YWJj\n", "YQ=", "YQ", "Y", "=", "====",
            "YWJjZGVmZ2g=", "é", "YWJ\nj", "YW==YQ==", "Y===", "YQ=\n=")),
        "3": lambda m, d: m.text(("", "ME======", "MFRA====", "MFRGG===", "MFRGGZDF", "ME", "ME=====", "me======",
            "M=======", "MFRGGZDFMY======", "1", "MF==RA==", "ME\n======")),
    }

    def arguments(self, name, depth):
        r = self.random
        signature = self.functions[name]
        wild = 0 if name in COSTLY else 0.06
        many = signature.endswith("*")
        letters = signature[:-2] + signature[-2] * r.randrange(4) if many else signature
        if wild and r.random() < 0.02:
            letters = letters[:-1] if r.random() < 0.5 else letters + "a"
        return [self.any(depth + 1) if r.random() < wild else self.KINDS[letter](self, depth) for letter in letters]

    def call(self, name, depth=0):
        return f"({' '.join([name] + self.arguments(name, depth))})"

    def make(self, name=None):
        self.values = {}
        name = name or self.random.choice(self.names)
        expression = self.call(name)
        pick = self.random.random()
        if pick < 0.4:
            template = "{{ $x := %s }}{{ typeOf $x }} {{ toJson $x }}" % expression
        elif pick < 0.7:
            template = "[{{ %s }}]" % expression[1:-1]
        elif pick < 0.85:
            template = "{{ %s | toYaml }}" % expression
        else:
            template = "{{ toYaml .Values }}{{ if %s }}yes{{ else }}no{{ end }}{{ %s }}" % (expression, expression)
        return name, template, self.values
