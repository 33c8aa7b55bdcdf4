// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"

#include <string>
#include <string_view>

namespace pchat::bus {

/// What the threads of cnats tell; they must not be kept waiting.
class NatsEvents {
public:
    virtual ~NatsEvents() = default;
    virtual void heard(std::string_view subject, std::string_view bytes) = 0;
    /// Messages were thrown away before we heard them.
    virtual void overrun() = 0;
    virtual void complained(std::string text) = 0;
    /// Something is over: a link, or the attempt to make one.
    virtual void changed() = 0;
};

/// Stands between cnats and a bus. cnats may call back long after a connection was destroyed, so
/// what it is given to call must outlast everything: a few bytes for each bus that ever was.
class NatsEar {
public:
    static NatsEar& for_ever(NatsEvents& events);

    /// Nothing is called any more once this returns.
    void close();

    template <class F>
    void tell(F&& what) {
        events_.with([&](NatsEvents* events) {
            if (events != nullptr)
                what(*events);
        });
    }

private:
    explicit NatsEar(NatsEvents& events) : events_(&events) {}
    Guarded<NatsEvents*> events_;
};

}  // namespace pchat::bus
