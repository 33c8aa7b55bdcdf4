// SPDX-License-Identifier: Apache-2.0
// `wall set`, `get`, `list`, `remove`; `test`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/failure.h"
#include "cli/resource/resource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

const Resource& walls() {
    const auto side = [](const char* flag, const char* help) {
        return ResourceField{
            .flag = flag,
            .key = flag,
            .kind = FieldKind::list,
            .value_name = "PRINCIPAL",
            .help = help,
            .whole = flag};
    };
    static const Resource resource{
        .noun = "wall",
        .plural = "walls",
        .name_key = "name",
        .name_help = "the wall's name or id",
        .fields =
            {{.flag = "name", .key = "name", .value_name = "NAME", .help = "the new name"},
             {.flag = "description",
              .key = "description",
              .value_name = "TEXT",
              .help = "what administrators read about it"},
             side("a", "who is on the one side"),
             side("b", "who is on the other side")},
        .filters = {},
        .columns =
            {{"NAME", "name"},
             {"HOLDS", "holds"},
             {"A", "a"},
             {"B", "b"},
             {"ROOM", "room_name"},
             {"DESCRIPTION", "description"}},
        .removal = "and lets both sides meet",
        .upsert = true};
    return resource;
}

struct Test {
    ServerFlags server;
    std::vector<std::string> sides;
};

/// What is asked, as two sides: of one name those of the wall.
Result<Json> sides_of(ApiClient& client, const Test& opt) {
    if (opt.sides.size() == 2)
        return Json{{"a", Json::array({opt.sides[0]})}, {"b", Json::array({opt.sides[1]})}};
    const Result<Json> wall = client.call({.path = api_path("walls", {opt.sides.front()})});
    if (!wall)
        return pass(wall.error());
    return Json{{"a", wall->value("a", Json::array())}, {"b", wall->value("b", Json::array())}};
}

std::string proof_text(const Json& proof) {
    const auto count = [&](const char* key) { return proof.value(key, std::int64_t{0}); };
    if (proof.value("holds", false))
        return fmt::format(
            "no room lets in both sides: {} rooms, {} and {} people\n",
            count("rooms"),
            count("people_a"),
            count("people_b")
        );
    const std::string a = proof.value("person_a", "");
    const std::string b = proof.value("person_b", "");
    return fmt::format(
        "room '{}' lets in {}\n",
        proof.value("room_name", ""),
        a == b ? a + ", who is on both sides" : a + " and " + b
    );
}

Result<void> run_test(Context& ctx, const Test& opt) {
    if (opt.sides.size() > 2)
        return fail(
            Errc::usage,
            "a wall has two sides",
            "give larger ones a name: pchatctl wall set NAME --set-a ... --set-b ..."
        );
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> sides = sides_of(**client, opt);
    if (!sides)
        return pass(sides.error());
    const Result<Json> proof = (*client)->call(
        {.method = "POST", .path = api_path("walls") + "/test", .body = *sides, .repeatable = true}
    );
    if (!proof)
        return pass(proof.error());
    print_document(ctx, *proof, proof_text(*proof));
    return proof->value("holds", false) ? Result<void>{} : fail_silently(Errc::conflict);
}

Run bind_test(Args& args) {
    auto opt = std::make_shared<Test>();
    args.positional_list("side", opt->sides, "two principals, or the name of one wall").required =
        true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_test(ctx, *opt); };
}

}  // namespace

std::vector<Command> wall_commands() {
    std::vector<Command> rows = resource_commands(walls());
    rows.push_back(
        {.path = "wall test",
         .summary = "Prove that two sides can share no room, or show the room",
         .help = {},
         .bind = bind_test,
         .formats = {"table", "json", "yaml"}}
    );
    return rows;
}

}  // namespace pchat::cli
