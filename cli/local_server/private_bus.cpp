// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/private_bus.h"

#include "base/file_write.h"
#include "cli/child_process.h"
#include "cli/local_server/secret_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>

namespace pchat::cli {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

/// Of the file in which it says where it listens; 0: not yet.
std::uint16_t port_in(const fs::path& file) {
    std::ifstream in{file};
    const Json said = Json::parse(in, nullptr, /*allow_exceptions=*/false);
    if (!said.is_object() || !said.contains("nats") || !said["nats"].is_array() ||
        said["nats"].empty() || !said["nats"][0].is_string())
        return 0;
    const auto url = said["nats"][0].get<std::string>();
    std::uint16_t out = 0;
    std::from_chars(url.data() + url.rfind(':') + 1, url.data() + url.size(), out);
    return out;
}

/// Texts of JSON are texts of its settings.
std::string settings_of(const std::string& folder, const Secret& password) {
    return fmt::format(
        "server_name: \"local\"\nlisten: \"127.0.0.1:-1\"\nports_file_dir: {}\n"
        "authorization {{ user: \"pool\", password: {} }}\n",
        Json(folder).dump(),
        Json(std::string{password.reveal()}).dump()
    );
}

}  // namespace

Result<std::string> find_nats(const std::string& search_path) {
    if (std::optional<std::string> found =
            find_program("nats-server", search_path + ":/usr/local/sbin:/usr/sbin"))
        return std::move(*found);
    return fail(
        Errc::not_found,
        "nats-server is neither on the PATH nor in /usr/sbin",
        "install the package nats-server"
    );
}

Result<PrivateBus> start_bus(
    ProcessGroup& group, const DataDirectory& directory, const std::string& program
) {
    const fs::path folder = fs::path{directory.path()} / "nats";
    std::error_code problem;
    fs::remove_all(folder, problem);
    fs::create_directory(folder, problem);
    if (problem)
        return file_error("create", folder.string(), problem.value());
    const Result<Secret> password = random_secret();
    if (!password)
        return pass(password.error());
    PrivateBus out;
    out.bus.password_file = (folder / "password").string();
    const std::string settings = (folder / "nats.conf").string();
    const std::string line = fmt::format("{}\n", password->reveal());
    for (const auto& [file, text] :
         {std::pair{out.bus.password_file, line},
          std::pair{settings, settings_of(folder.string(), *password)}})
        if (Result<void> put = write_secret_file(file, text, 0600); !put)
            return pass(std::move(put).error());
    ServerProgram server;
    server.program = program;
    server.arguments = {"-c", settings};
    const auto number =
        group.start("nats-server", std::move(server), directory.path() + "/nats.log");
    if (!number)
        return pass(number.error());
    out.number = *number;
    const fs::path ports = folder / fmt::format("nats-server_{}.ports", group.pid(*number));
    const Result<bool> ready = group.wait_until(*number, [&] {
        out.bus.port = port_in(ports);
        return out.bus.port != 0;
    });
    if (!ready)
        return pass(ready.error());
    if (!*ready)
        return fail(Errc::internal, group.last_words(*number));
    return out;
}

}  // namespace pchat::cli
