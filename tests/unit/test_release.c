#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/path.h"
#include "release/release.h"
#include "release/world.h"

static struct arena arena;
static const struct release_graph *graph;

static void start(void) {
    arena = (struct arena){NULL, NULL};
    graph = release_graph_read(&arena, STR(FIXTURES "/release"), NULL);
}

static void end(void) {
    arena_free(&arena);
}

TestSuite(release, .init = start, .fini = end);

/* "key.key<parent" for each way to the chart, nearest first; `?` where it is uncertain. */
static void expect_views(const char *folder, const char *expected) {
    struct str path = arena_printf(&arena, "%s/release/%s", FIXTURES, folder);
    const struct release_chart *chart = release_chart_at(&arena, graph, path);
    struct buf out = buf_in(&arena);
    struct release_views views;
    cr_assert_not_null(chart);
    release_views(&arena, chart, &views);
    for (uint32_t i = 0; i < views.list.len; i++) {
        const struct release_view *view = &views.list.items[i];
        if (i) buf_add_char(&out, ' ');
        for (uint32_t k = 0; k < view->key_count; k++) buf_addf(&out, "%s%.*s", k ? "." : "", STR_ARG(view->keys[k]));
        buf_addf(&out, "<%.*s%s", STR_ARG(path_name(view->from->folder)), view->uncertain ? "?" : "");
    }
    if (views.more) buf_addf(&out, " ...");
    cr_expect(str_eq(buf_str(&out), str_from(expected)), "%s: %.*s, not %s", folder, STR_ARG(buf_str(&out)), expected);
}

Test(release, a_chart_stands_under_each_of_its_aliases) {
    expect_views("shop/charts/orders-folder", "sales<shop returns<shop");
}

Test(release, an_alias_is_uncertain_where_the_version_may_not_match) {
    expect_views("shop/charts/billing", "money<shop billing<shop?");
}

Test(release, what_is_not_listed_is_a_subchart_all_the_same) {
    expect_views("shop/charts/stock", "stock<shop?"); /* a packed one of its name lies beside it */
    expect_views("shop/charts/stock/charts/shelf", "shelf<stock stock.shelf<shop?");
    expect_views("shop/charts/_draft", "");
}

Test(release, a_file_repository_is_followed) {
    expect_views("ledger", "ledger<shop");
}

Test(release, a_repository_by_url_is_uncertain) {
    expect_views("wallet", "wallet<ledger? purse<shop? ledger.wallet<shop?");
    expect_views("lonely", "");
    expect_views("shop", "");
}

Test(release, links) {
    expect_views("linked", "linked<shop");
    struct str shared = path_real(&arena, STR(FIXTURES "/release/lonely/values.yaml"));
    struct str wallet = path_real(&arena, STR(FIXTURES "/release/wallet"));
    cr_expect_eq(release_linked_from(graph, shared, wallet).len, 0);
    struct str link = release_linked_from(graph, shared, STR("/none"));
    cr_expect(str_ends(link, STR("/release/wallet/values-shared.yaml")));
    cr_expect_eq(
        release_linked_from(graph, path_real(&arena, STR(FIXTURES "/release/linked/Chart.yaml")), STR("/none")).len, 0);
}

Test(release, names) {
    struct release_world *world = release_world_new(&arena, NULL, 0);
    const struct release_graph *own = release_world_graph(world, STR(FIXTURES "/release/shop"));
    const struct release_chart *chart = release_chart_at(&arena, own, STR(FIXTURES "/release/shop/charts/billing"));
    cr_assert_not_null(chart);
    const struct release_names *names = release_world_names(world, chart);
    cr_expect_not_null(map_get(&names->defines, STR("app.port")));
    cr_expect_not_null(map_get(&names->strings, STR("app.name")));
    cr_expect_null(map_get(&names->defines, STR("app.name")));
    cr_expect(names->computed);
    cr_expect_not(names->unread);
    cr_expect_not(names->subcharts);
    release_world_end(world);
}

Test(release, hidden_folders_and_node_modules_hold_no_charts) {
    cr_expect_null(release_chart_at(&arena, graph, STR(FIXTURES "/release/.attic")));
    cr_expect_null(release_chart_at(&arena, graph, STR(FIXTURES "/release/node_modules/dep")));
    cr_expect_not_null(release_chart_at(&arena, graph, STR(FIXTURES "/release/lonely")));
}

Test(release, circles_end) {
    struct release_chart a = {.folder = STR("/a")}, b = {.folder = STR("/b")};
    struct release_link ab = {&a, &b, STR("b"), RELEASE_FILE, NULL, false};
    struct release_link ba = {&b, &a, STR("a"), RELEASE_FILE, NULL, false};
    struct release_views views;
    vec_push(&arena, &b.above, &ab);
    vec_push(&arena, &a.above, &ba);
    release_views(&arena, &a, &views);
    cr_expect_eq(views.list.len, 1);
    cr_expect(views.more);
}

Test(release, the_root_is_where_git_is) {
    cr_expect(str_eq(release_root(&arena, STR("/"), NULL, 0), STR("/")));
    cr_expect(str_eq(graph->root, path_real(&arena, STR(FIXTURES "/release"))));
}
