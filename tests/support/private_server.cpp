// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_server.h"

#include "base/sha256.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/service/first_content.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "server/store/sql/database.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

namespace pchat::test {
namespace {

void require(const Result<void>& done) {
    if (done)
        return;
    std::cerr << "private server: " << done.error().message << '\n';
    std::exit(1);
}

std::string folder_of_this_program() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

Principal a_user(std::int64_t id, std::size_t number) {
    Principal out;
    out.id = PrincipalId{id};
    out.uuid = make_uuid(SystemClock{}.now());
    out.name = fmt::format("user{}@bench.example", number);
    out.name_key = name_key(out.name);
    out.name_sort = name_sort(out.name);
    out.display_name = fmt::format("User {}", number);
    out.created_at = out.updated_at = 1;
    return out;
}

Result<void> write_users(ContentTransaction& tx, std::size_t users, World& world) {
    const auto count = static_cast<std::int64_t>(users) + 1;  // the last one administers
    const auto first = tx.registry().take_ids(IdKind::principal, count);
    const auto token_ids = tx.registry().take_ids(IdKind::token, count);
    if (!first || !token_ids)
        return fail(Errc::internal, "no ids");
    std::vector<Principal> rows;
    for (std::size_t i = 0; i <= users; ++i)
        rows.push_back(a_user(*first + static_cast<std::int64_t>(i), i));
    if (Result<void> written = tx.principals().insert(rows); !written)
        return written;
    for (std::size_t i = 0; i <= users; ++i) {
        Token token;
        token.id = TokenId{*token_ids + static_cast<std::int64_t>(i)};
        token.uuid = make_uuid(SystemClock{}.now());
        world.tokens.push_back("bench-" + token.uuid);
        token.secret_hash = sha256_hex(world.tokens.back());
        token.user = rows[i].id;
        token.label = "bench";
        token.created_at = 1;
        if (Result<void> written = tx.tokens().insert(token); !written)
            return written;
    }
    world.admin = world.tokens.back();
    world.tokens.pop_back();
    return tx.principals().grant_role({rows.back().id, AdminRole::administrator, 1, {}});
}

Result<void> write_rooms(ContentTransaction& tx, std::size_t rooms, World& world) {
    const auto category = tx.categories().find_name(name_key("General"));
    const auto first = tx.registry().take_ids(IdKind::room, static_cast<std::int64_t>(rooms));
    if (!category || !*category || !first)
        return fail(Errc::internal, "no category");
    for (std::size_t i = 0; i < rooms; ++i) {
        Room room;
        room.id = RoomId{*first + static_cast<std::int64_t>(i)};
        room.uuid = make_uuid(SystemClock{}.now());
        room.category = (*category)->id;
        room.privacy = RoomPrivacy::open;
        room.name = fmt::format("Room {}", i);
        room.name_sort = name_sort(room.name);
        room.created_at = room.updated_at = 1;
        world.room_uuids.push_back(room.uuid);
        if (Result<void> written = tx.rooms().insert(room); !written)
            return written;
    }
    return {};
}

/// A number in /proc, by the name that stands before it.
std::size_t proc_number(pid_t pid, const std::string& file, const std::string& name) {
    std::ifstream in{fmt::format("/proc/{}/{}", pid, file)};
    for (std::string line; std::getline(in, line);)
        if (line.rfind(name, 0) == 0)
            return std::stoul(line.substr(name.size()));
    return 0;
}

}  // namespace

World make_world(ContentDatabase& content, std::size_t users, std::size_t rooms) {
    World out;
    const auto made = make_first_content(content, SystemClock{});
    require(made ? Result<void>{} : Result<void>{pass(made.error())});
    require(content.write("users", [&](ContentTransaction& tx) {
        return write_users(tx, users, out);
    }));
    require(content.write("rooms", [&](ContentTransaction& tx) {
        return write_rooms(tx, rooms, out);
    }));
    return out;
}

void fill_room(ContentDatabase& content, const World& world, std::size_t room, std::int64_t count) {
    constexpr std::int64_t most = 5'000;
    for (std::int64_t done = 0; done < count; done += most) {
        const std::int64_t portion = std::min(most, count - done);
        require(content.write("history", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.rooms().find_uuid(world.room_uuids[room]);
            if (!found || !*found)
                return fail(Errc::internal, "no room");
            const auto head = tx.messages().raise({(*found)->id, portion, portion * 40, 1});
            if (!head)
                return pass(head.error());
            std::vector<Message> rows;
            for (std::int64_t i = portion; i > 0; --i) {
                Message message;
                message.room = (*found)->id;
                message.seq = head->last_seq - i + 1;
                message.at = head->last_at;
                message.sender = PrincipalId{1};
                message.body = fmt::format("message {} of the history of this room", message.seq);
                rows.push_back(std::move(message));
            }
            return tx.messages().insert(rows);
        }));
    }
}

struct PrivateContent::Place {
    TempDir dir;
    std::string settings;
    sql::Target target;
};

PrivateContent::PrivateContent(const std::string& engine) : place_(std::make_unique<Place>()) {
    sql::Target target;
    const std::string folder = place_->dir.path().string();
    if (engine == "postgresql") {
        Postgres* server = Postgres::shared();
        if (server == nullptr)
            std::exit(1);
        // Each its own: several tests of one process share the server.
        static int last_number = 0;
        target = server->superuser("postgres");
        target.database = fmt::format("chat{}", ++last_number);
        sql::Database all{server->superuser("postgres")};
        require(all.outside_transaction("create database", [&](sql::Session& session) {
            session.raw() << "create database " + target.database;
            return Result<void>{};
        }));
        const std::string password = folder + "/password";
        std::ofstream{password} << target.login.password.reveal() << '\n';
        std::filesystem::permissions(password, std::filesystem::perms::owner_read);
        place_->settings = fmt::format(
            "database: {{ engine: postgresql, host: {}, port: {}, name: {}, user: {}, "
            "password: \"file:{}\", tls: {{ mode: off }}, sessions: 8 }}\n",
            target.host,
            target.port,
            target.database,
            target.login.user,
            password
        );
    } else {
        target.database = folder + "/content.db";
        target.create = true;
        place_->settings =
            fmt::format("database: {{ engine: sqlite, file: {}, sessions: 4 }}\n", target.database);
    }
    const auto migrated = sql::migrate_database(target, sql::Purpose::content, SystemClock{});
    sql::Target archive;
    archive.database = folder + "/archive.db";
    archive.create = true;
    const auto archived = sql::migrate_database(archive, sql::Purpose::compliance, SystemClock{});
    require(archived ? Result<void>{} : Result<void>{pass(archived.error())});
    require(migrated ? Result<void>{} : Result<void>{pass(migrated.error())});
    place_->target = target.copy();
    content_ = sql::open_content(std::move(target));
}

PrivateContent::~PrivateContent() = default;

std::string PrivateContent::settings() const {
    return place_->settings;
}

sql::Target PrivateContent::target() const {
    return place_->target.copy();
}

const std::string& PrivateContent::folder() const {
    return place_->dir.path().native();
}

PrivateServer::PrivateServer(const PrivateContent& database, ServerOptions options)
    : database_(database), options_(std::move(options)),
      config_(database.folder() + "/" + options_.name + ".yaml") {
    start();
}

void PrivateServer::start() {
    write_config();
    // Its old port may be somebody's for a moment.
    for (int tries = port_ == 0 ? 1 : 50; tries > 0; --tries) {
        if (try_start())
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    std::cerr << "private server: pchatd did not start\n";
    std::exit(1);
}

void PrivateServer::write_config() const {
    const bool tls = !options_.tls_folder.empty();
    const std::string data = database_.folder() + "/" + options_.name;
    std::filesystem::create_directory(data);
    std::ofstream file{config_};
    file << "server: { fqdn: " << options_.name << ".example, pool: bench.example }\n"
         << fmt::format("listen:\n  - {{ address: 127.0.0.1, port: {}, tls: {} }}\n", port_, tls)
         << "data: " << data << "\n"
         << database_.settings();
    if (tls)
        file << fmt::format(
            "tls: {{ certificate: {0}/server.pem, key: {0}/server.key }}\n", options_.tls_folder
        );
    if (options_.compliance)
        file << "compliance: { engine: sqlite, file: " << database_.folder() << "/archive.db }\n";
    file << "limits: { " << options_.limits << " }\n" << options_.more;
}

bool PrivateServer::try_start() {
    std::array<int, 2> out{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0)
        std::exit(1);
    const std::string program = folder_of_this_program() + "/pchatd";
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out[1], STDOUT_FILENO);
        ::execl(
            program.c_str(), program.c_str(), "--config", config_.c_str(), "--announce", nullptr
        );
        ::_exit(127);
    }
    ::close(out[1]);
    std::string line;
    for (char c = 0; line.find('\n') == std::string::npos && ::read(out[0], &c, 1) == 1;)
        line += c;
    ::close(out[0]);
    const std::size_t colon = line.rfind("127.0.0.1:");
    if (colon == std::string::npos) {
        ::waitpid(std::exchange(pid_, -1), nullptr, 0);
        return false;
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 10)));
    return true;
}

PrivateServer::~PrivateServer() {
    signal(SIGTERM);
    // A server that does not end is a finding of the test that asks for it, and no reason to hang.
    if (pid_ > 0 && wait(std::chrono::seconds{40}) == -1)
        kill9();
}

void PrivateServer::signal(int number) const {
    if (pid_ > 0)
        ::kill(pid_, number);
}

void PrivateServer::kill9() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

int PrivateServer::wait(std::chrono::milliseconds limit) {
    if (pid_ <= 0)
        return -1;
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd ended{handle, POLLIN, 0};
    const int count = ::poll(&ended, 1, static_cast<int>(limit.count()));
    ::close(handle);
    if (count <= 0)
        return -1;
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Ran run_pchatd(const std::vector<std::string>& words) {
    std::vector<std::string> copies{folder_of_this_program() + "/pchatd"};
    copies.insert(copies.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : copies)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> out{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0)
        std::exit(1);
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::alarm(60);  // whatever it does, it does not hang the test
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(out[1], STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(out[1]);
    Ran ran;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(out[0], buffer.data(), buffer.size())) > 0;)
        ran.output.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(out[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

double cpu_seconds_of(pid_t pid) {
    std::ifstream in{fmt::format("/proc/{}/stat", pid)};
    std::stringstream text;
    text << in.rdbuf();
    std::istringstream fields{text.str().substr(text.str().rfind(')') + 2)};
    std::string word;
    for (int i = 0; i < 11; ++i)
        fields >> word;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t PrivateServer::resident_kb() const {
    return proc_number(pid_, "status", "VmRSS:");
}

std::size_t PrivateServer::peak_kb() const {
    return proc_number(pid_, "status", "VmHWM:");
}

}  // namespace pchat::test
