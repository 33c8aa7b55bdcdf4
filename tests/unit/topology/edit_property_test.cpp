// SPDX-License-Identifier: Apache-2.0
// What an edit did, its opposite undoes to the byte; over every document that ships.
#include "base/config/document.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/topology/edit_case.h"
#include "topology/templates.h"

#include <filesystem>
#include <map>

using namespace pchat;
using namespace pchat::test;

namespace {

std::map<std::string, std::string> documents() {
    std::map<std::string, std::string> texts;
    for (const auto& entry : std::filesystem::directory_iterator(PCHAT_SOURCE_DIR "/examples"))
        if (entry.path().extension() == ".yaml")
            texts[entry.path().filename()] = read_file(entry.path());
    for (const topology::Template& one : topology::templates())
        texts["template " + std::string{one.name}] = *topology::fill_template(one.name, {});
    return texts;
}

std::string edited(const std::string& edit, const std::string& text) {
    const auto result = run_edit(parse_edit(edit), text);
    INFO(edit);
    REQUIRE_OK(result);
    return *result;
}

bool has_list(const std::string& text, const std::string& list) {
    const auto document = config::read_document("x", text);
    return document.root->find("spec")->value.find(list) != nullptr;
}

// The name of the first thing of a list.
std::string first_name(const std::string& text, const std::string& list) {
    const auto document = config::read_document("x", text);
    return document.root->find("spec")
        ->value.find(list)
        ->value.items.front()
        .entries.front()
        .value.value;
}

}  // namespace

TEST_CASE("topology edit: removing what was added gives the bytes from before", "[edit]") {
    const std::vector<std::pair<std::string, std::string>> things{
        {"sites", "site new"},
        {"sites",
         "site new-site-with-a-name-that-fills-a-line-of-its-own\n defaultPool = "
         "a-pool-with-a-long-name.contoso.example"},
        {"dataCenters", "data-center dc9"},
        {"links", "link dc1:dc9\n bandwidth = low\n latencyMs = 80"},
        {"frontEnds",
         "front-end new.contoso.example\n edition = enterprise\n machines = a.contoso.example\n "
         "machines = b.contoso.example"},
        {"sqlInstances",
         "sql-instance new\n engine = postgresql\n server = pg9.contoso.example\n credentials.run "
         "= env:RUN\n tls.mode = off"},
        {"fileStores", "file-store new\n path = /mnt/new"},
        {"pools",
         "pool new.contoso.example\n displayName = New: rooms\n kind = multiple\n ports.https = "
         "8443\n machines = n1.contoso.example\n databases.content = content"},
    };
    for (const auto& [name, text] : documents()) {
        for (const auto& [list, thing] : things) {
            if (!has_list(text, list))
                continue;
            INFO(name << ": " << thing);
            const std::string head = thing.substr(0, thing.find('\n'));
            const std::string with = edited("add " + thing, text);
            CHECK(with != text);
            CHECK(edited("remove " + head, with) == text);
            const std::string open_end = text.substr(0, text.size() - 1);
            CHECK(edited("remove " + head, edited("add " + thing, open_end)) == open_end);
        }
        const std::string owner = "\n in pool " + first_name(text, "pools");
        INFO(name << ": machine");
        const std::string with = edited(
            "add machine new.contoso.example" + owner + "\n ssh.user = deploy\n active = false",
            text
        );
        CHECK(edited("remove machine new.contoso.example" + owner, with) == text);
    }
}

TEST_CASE("topology edit: unsetting what was set gives the bytes from before", "[edit]") {
    for (const auto& [name, text] : documents()) {
        INFO(name);
        const std::string pool = "set pool " + first_name(text, "pools");
        const std::string sql = "set sql-instance " + first_name(text, "sqlInstances");
        CHECK(
            edited(
                pool + "\n unset dataResidency", edited(pool + "\n dataResidency = law", text)
            ) == text
        );
        CHECK(
            edited(
                pool + "\n unset tls", edited(pool + "\n tls.key = env:KEY\n tls.ca = x", text)
            ) == text
        );
        CHECK(
            edited(pool + "\n unset ports.bus", edited(pool + "\n ports.bus = 8012", text)) == text
        );
        CHECK(edited(sql + "\n unset driver", edited(sql + "\n driver = FreeTDS", text)) == text);
        CHECK(edited(sql + "\n unset tls.mode", edited(sql + "\n tls.mode = off", text)) == text);
        CHECK(
            edited(
                "set deployment\n unset description",
                edited("set deployment\n description = x", text)
            ) == text
        );
    }
}

TEST_CASE("topology edit: setting back gives the bytes from before", "[edit]") {
    for (const auto& [name, text] : documents()) {
        INFO(name);
        const auto document = config::read_document("x", text);
        const config::Node& pool =
            document.root->find("spec")->value.find("pools")->value.items.front();
        const std::string head = "set pool " + first_name(text, "pools");
        for (const config::Entry& entry : pool.entries) {
            if (entry.value.kind != config::NodeKind::scalar || entry.key.value == "fqdn")
                continue;
            const std::string there = entry.key.value == "kind"
                                          ? (entry.value.value == "single" ? "multiple" : "single")
                                          : "other";
            INFO(entry.key.value);
            const std::string changed =
                edited(head + "\n " + entry.key.value + " = " + there, text);
            CHECK(changed != text);
            CHECK(
                edited(head + "\n " + entry.key.value + " = " + entry.value.value, changed) == text
            );
        }
    }
}
