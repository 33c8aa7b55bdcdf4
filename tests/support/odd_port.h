// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <thread>
#include <vector>

namespace pchat::test {

/// A port of the loopback address that is no database server, held as long as the object lives.
class OddPort {
public:
    enum class Manner {
        refuses,  // nobody listens
        silent,   // never answers, as behind a firewall that drops
        other,    // answers, but in another protocol
    };

    explicit OddPort(Manner manner);
    ~OddPort();
    OddPort(const OddPort&) = delete;
    OddPort& operator=(const OddPort&) = delete;
    OddPort(OddPort&&) = delete;
    OddPort& operator=(OddPort&&) = delete;

    [[nodiscard]] int number() const { return number_; }

private:
    void fill_queue();
    void answer_all() const;

    int listener_;
    int number_;
    std::vector<int> waiting_;
    std::thread answering_;
};

}  // namespace pchat::test
