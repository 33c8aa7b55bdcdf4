// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sqlite_holder.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace pchat::test {
namespace {

using Pipe = std::array<int, 2>;

Pipe make_pipe() {
    Pipe out{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    return out;
}

[[noreturn]] void hold(const std::string& file, int tell, int wait) {
    sqlite3* database = nullptr;
    const char* take = "pragma locking_mode = exclusive; begin exclusive";
    const bool held = sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
                      sqlite3_exec(database, take, nullptr, nullptr, nullptr) == SQLITE_OK;
    char byte = 0;
    if (held && ::write(tell, &byte, 1) == 1)
        while (::read(wait, &byte, 1) > 0) {
        }
    ::_exit(0);
}

}  // namespace

SqliteHolder::SqliteHolder(const std::string& file) {
    const Pipe to_us = make_pipe();
    const Pipe to_child = make_pipe();
    child_ = ::fork();
    if (child_ < 0)
        throw std::runtime_error("fork failed");
    if (child_ == 0) {
        ::close(to_child[1]);
        hold(file, to_us[1], to_child[0]);
    }
    ::close(to_us[1]);
    ::close(to_child[0]);
    end_ = to_child[1];
    char byte = 0;
    const bool held = ::read(to_us[0], &byte, 1) == 1;
    ::close(to_us[0]);
    if (!held)
        throw std::runtime_error("cannot hold " + file);
}

SqliteHolder::~SqliteHolder() {
    ::close(end_);
    ::waitpid(child_, nullptr, 0);
}

}  // namespace pchat::test
