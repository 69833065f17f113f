#include "schema/schema.h"

struct str schema_keyword_name(enum schema_keyword keyword) {
    static const struct str names[SCHEMA_KEYWORDS] = {
        [SCHEMA_FALSE] = STR_INIT("false"),
        [SCHEMA_TYPE] = STR_INIT("type"),
        [SCHEMA_ENUM] = STR_INIT("enum"),
        [SCHEMA_CONST] = STR_INIT("const"),
        [SCHEMA_MULTIPLE_OF] = STR_INIT("multipleOf"),
        [SCHEMA_MAXIMUM] = STR_INIT("maximum"),
        [SCHEMA_EXCLUSIVE_MAXIMUM] = STR_INIT("exclusiveMaximum"),
        [SCHEMA_MINIMUM] = STR_INIT("minimum"),
        [SCHEMA_EXCLUSIVE_MINIMUM] = STR_INIT("exclusiveMinimum"),
        [SCHEMA_MAX_LENGTH] = STR_INIT("maxLength"),
        [SCHEMA_MIN_LENGTH] = STR_INIT("minLength"),
        [SCHEMA_PATTERN] = STR_INIT("pattern"),
        [SCHEMA_FORMAT] = STR_INIT("format"),
        [SCHEMA_MAX_ITEMS] = STR_INIT("maxItems"),
        [SCHEMA_MIN_ITEMS] = STR_INIT("minItems"),
        [SCHEMA_UNIQUE_ITEMS] = STR_INIT("uniqueItems"),
        [SCHEMA_ADDITIONAL_ITEMS] = STR_INIT("additionalItems"),
        [SCHEMA_CONTAINS] = STR_INIT("contains"),
        [SCHEMA_MAX_CONTAINS] = STR_INIT("maxContains"),
        [SCHEMA_MIN_CONTAINS] = STR_INIT("minContains"),
        [SCHEMA_UNEVALUATED_ITEMS] = STR_INIT("unevaluatedItems"),
        [SCHEMA_MAX_PROPERTIES] = STR_INIT("maxProperties"),
        [SCHEMA_MIN_PROPERTIES] = STR_INIT("minProperties"),
        [SCHEMA_REQUIRED] = STR_INIT("required"),
        [SCHEMA_DEPENDENT_REQUIRED] = STR_INIT("dependentRequired"),
        [SCHEMA_ADDITIONAL_PROPERTIES] = STR_INIT("additionalProperties"),
        [SCHEMA_PROPERTY_NAMES] = STR_INIT("propertyNames"),
        [SCHEMA_UNEVALUATED_PROPERTIES] = STR_INIT("unevaluatedProperties"),
        [SCHEMA_ANY_OF] = STR_INIT("anyOf"),
        [SCHEMA_ONE_OF] = STR_INIT("oneOf"),
        [SCHEMA_NOT] = STR_INIT("not"),
        [SCHEMA_LIMIT] = STR_INIT("limit"),
    };
    return names[keyword];
}
