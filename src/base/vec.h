/* A typed array that grows in an arena:
 *
 *     struct numbers VEC(int);          or a member:   struct VEC(struct span) spans;
 *     struct numbers list = {0};
 *     vec_push(arena, &list, 7);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdint.h>

#include "base/arena.h"

#define VEC(type)                                                                                                      \
    {                                                                                                                  \
        type *items;                                                                                                   \
        uint32_t len;                                                                                                  \
        uint32_t cap;                                                                                                  \
    }

/* Makes room for one more item in a vec of the arena `a`. */
#define vec_reserve(a, v)                                                                                              \
    do {                                                                                                               \
        if ((v)->len == (v)->cap) {                                                                                    \
            uint32_t vec_cap_ = (v)->cap ? (v)->cap * 2 : 8;                                                           \
            (v)->items = arena_grow((a), (v)->items, sizeof *(v)->items * (v)->cap, sizeof *(v)->items * vec_cap_);    \
            (v)->cap = vec_cap_;                                                                                       \
        }                                                                                                              \
    } while (0)

#define vec_push(a, v, ...)                                                                                            \
    do {                                                                                                               \
        vec_reserve((a), (v));                                                                                         \
        (v)->items[(v)->len++] = (__VA_ARGS__);                                                                        \
    } while (0)

#endif
