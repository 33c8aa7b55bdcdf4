// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/item_file.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

using namespace pchat;
using namespace pchat::cli;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

const Resource& rooms() {
    static const Resource resource{
        .noun = "room",
        .plural = "rooms",
        .name_key = "name",
        .name_help = {},
        .fields =
            {{.flag = "name", .key = "name", .create = false},
             {.flag = "privacy", .key = "privacy", .kind = FieldKind::choice},
             {.flag = "member", .key = "members", .kind = FieldKind::list},
             {.flag = "disabled", .key = "disabled", .kind = FieldKind::boolean},
             {.flag = "invitations",
              .key = "invitations",
              .kind = FieldKind::boolean,
              .choices = {"inherit", "off"}},
             {.flag = "history", .key = "history", .kind = FieldKind::number}},
        .filters = {},
        .columns = {},
        .removal = {}};
    return resource;
}

struct Rig {
    test::TempDir folder;
    test::CliSession cli;

    Result<ItemFile> read(const std::string& name, const std::string& text) {
        Context ctx = cli.context();
        return read_items(ctx, folder.write(name, text).string(), rooms());
    }
    ItemFile must_read(const std::string& name, const std::string& text) {
        Result<ItemFile> out = read(name, text);
        INFO(cli.err.str());
        REQUIRE_OK(out);
        return std::move(*out);
    }
};

const Json lobby{
    {"name", "Lobby"},
    {"privacy", "open"},
    {"members", {"sip:a@c.example", "everyone"}},
    {"disabled", true},
    {"invitations", "off"},
    {"history", 7}};

}  // namespace

TEST_CASE("item file: the same things in YAML, CSV and JSON lines", "[resource]") {
    Rig rig;
    const std::string table = "name,privacy,members,disabled,invitations,history\n\n"
                              "Lobby,open,sip:a@c.example;everyone,true,off,7\n";
    const std::string lines = "\n" + lobby.dump() + "\n{\"name\": \"B\"}\n";
    const std::string yaml = "rooms:\n  # the first one\n  - name: Lobby\n    privacy: open\n"
                             "    members: [\"sip:a@c.example\", everyone]\n    disabled: true\n"
                             "    invitations: \"off\"\n    history: 7\n";
    for (const auto& [name, text] : {
             std::pair<std::string, std::string>{"rooms.csv", table},
             {"rooms", table},
             {"rooms.jsonl", lines},
             {"rooms", lines},
             {"rooms.yaml", yaml},
             {"rooms", yaml},
         }) {
        INFO(name << ": " << text);
        const ItemFile file = rig.must_read(name, text);
        REQUIRE_FALSE(file.items.empty());
        CHECK(file.items.front().item == lobby);
        CHECK(file.items.front().line == (text == lines ? 2 : 3));
    }
    CHECK(rig.must_read("rooms.jsonl", lines).items.at(1).line == 3);
}

TEST_CASE("item file: forms that look alike", "[resource]") {
    Rig rig;
    CHECK(rig.must_read("one", "{name: Lobby}").items.size() == 1);
    CHECK(
        rig.must_read("one", "{\"rooms\": [{\"name\": \"A\"},\n {\"name\": \"B\"}]}")
            .items.size() == 2
    );
    CHECK(rig.must_read("one", "name: Lobby\n").items.size() == 1);
    CHECK(rig.must_read("one", "name\nLobby\nHall\n").items.size() == 2);
    CHECK(rig.must_read("one.csv", "name\n").items.empty());
    CHECK(rig.must_read("one", "[]").items.empty());
    REQUIRE_ERR(rig.read("one", "Lobby\nHall\n"), Errc::bad_file, "holds no list of rooms");
    REQUIRE_ERR(rig.read("one", "- Lobby\n"), Errc::bad_file, "holds no list of rooms");
}

TEST_CASE("item file: what is wrong is told with its line", "[resource]") {
    Rig rig;
    REQUIRE_FALSE(rig.read("rooms.csv", "name,history\nLobby,many\nHall,7\nBar,1,2\n"));
    CHECK_THAT(rig.cli.err.str(), Contains("rooms.csv:2: history is a number, not 'many'"));
    CHECK_THAT(rig.cli.err.str(), Contains("rooms.csv:4: 3 cells, 2 columns"));
    REQUIRE_FALSE(rig.read("rooms.csv", "name,privcy\n"));
    CHECK_THAT(rig.cli.err.str(), Contains("did you mean 'privacy'?"));
}

TEST_CASE("item file: another text is another file", "[resource]") {
    Rig rig;
    const std::string first = rig.must_read("a.yaml", "name: Lobby\n").sha256;
    CHECK(first == rig.must_read("b.yaml", "name: Lobby\n").sha256);
    CHECK(first != rig.must_read("a.yaml", "name: Lobby \n").sha256);
}
