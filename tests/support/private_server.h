// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"
#include "server/store/sql/target.h"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// Users with tokens and open rooms, written straight into the database.
struct World {
    std::vector<std::string> tokens;      // of user i
    std::vector<std::string> room_uuids;  // of room i
    std::string admin;                    // token of sip:admin@..., who may do everything
};

/// `rooms` in a category that everybody may use.
World make_world(ContentDatabase& content, std::size_t users, std::size_t rooms);
/// Fills a room with so many short messages.
void fill_room(ContentDatabase& content, const World& world, std::size_t room, std::int64_t count);

/// A private database of one engine, with its schema.
class PrivateContent {
public:
    explicit PrivateContent(const std::string& engine);  // "sqlite", "postgresql"
    ~PrivateContent();
    PrivateContent(const PrivateContent&) = delete;
    PrivateContent& operator=(const PrivateContent&) = delete;

    ContentDatabase& content() { return *content_; }
    /// The part `database:` of pchatd.yaml.
    [[nodiscard]] std::string settings() const;
    [[nodiscard]] const std::string& folder() const;
    /// For whoever talks to the engine without our store.
    [[nodiscard]] sql::Target target() const;

private:
    struct Place;
    std::unique_ptr<Place> place_;
    std::unique_ptr<ContentDatabase> content_;
};

/// What is said in pchatd.yaml beside the database.
struct ServerOptions {
    std::string name = "bench";  // servers of one pool have different ones
    std::string limits = "sessions: 20000, ratePerSession: 100000, ratePerUser: 100000, "
                         "burst: 100000, joinsPerSecond: 100000, requestsInFlight: 1000";
    std::string more = {};        // whole lines
    std::string tls_folder = {};  // with server.pem and server.key; empty: without encryption
    bool compliance = false;
};

/// Of a process, user and system time together.
double cpu_seconds_of(pid_t pid);

/// A pchatd of the same build, over that database; ends with this object.
class PrivateServer {
public:
    explicit PrivateServer(const PrivateContent& database, ServerOptions options = {});
    ~PrivateServer();
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] double cpu_seconds() const { return cpu_seconds_of(pid_); }
    [[nodiscard]] std::size_t resident_kb() const;
    [[nodiscard]] std::size_t peak_kb() const;  // the most that was resident since it started
    /// The settings that it runs with.
    [[nodiscard]] const std::string& config() const { return config_; }

    void signal(int number) const;
    /// As if the power went.
    void kill9();
    /// The exit code once it has ended by itself, 128 and the signal that ended it; -1 when it has
    /// not by then.
    int wait(std::chrono::milliseconds limit);
    /// After its end: on the same port, with the same data.
    void start();

private:
    void write_config() const;
    bool try_start();

    const PrivateContent& database_;
    ServerOptions options_;
    std::string config_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
};

/// What a program of this build prints and how it ends; `words` without the program's name.
struct Ran {
    int exit = -1;
    std::string output;  // of both streams
};
Ran run_pchatd(const std::vector<std::string>& words);

}  // namespace pchat::test
