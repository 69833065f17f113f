/* Does one thing wrong, so that scripts/test can see that the sanitizers of its build report it: LEAK keeps no pointer
 * to its memory (Criterion lets such a test pass), else a signed integer overflows. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>

Test(on_purpose, goes_wrong) {
#ifdef LEAK
    void *volatile p = malloc(100);
    cr_assert_not_null(p);
    p = NULL;
#else
    volatile int i = INT_MAX;
    i = i + 1;
    cr_assert(i != 0);
#endif
}
