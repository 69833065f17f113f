#include "base/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#define COUNT 3

static const int SIGNALS[COUNT] = {SIGINT, SIGTERM, SIGHUP};

/* A signal handler gets no argument of ours, so this cannot be anywhere else. */
static atomic_int pending;
static struct sigaction before[COUNT];

static void remember(int number) {
    int none = 0;
    atomic_compare_exchange_strong(&pending, &none, number);
}

void interrupt_install(void) {
    struct sigaction action = {.sa_handler = remember, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    atomic_store(&pending, 0);
    for (int i = 0; i < COUNT; i++) {
        sigaction(SIGNALS[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(SIGNALS[i], &action, NULL);
    }
}

int interrupt_pending(void) {
    return atomic_load(&pending);
}

void interrupt_resume(void) {
    for (int i = 0; i < COUNT; i++) sigaction(SIGNALS[i], &before[i], NULL);
    int number = atomic_exchange(&pending, 0);
    if (number) raise(number);
}
