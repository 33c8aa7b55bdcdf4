// SPDX-License-Identifier: Apache-2.0
#include "server/service/gather_touched.h"

#include <algorithm>

namespace pchat {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

template <class T>
void sort_out(std::vector<T>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

void gather(Touched& to, const Touched& more) {
    append(to.principals, more.principals);
    append(to.categories, more.categories);
    append(to.rooms, more.rooms);
    append(to.signed_out, more.signed_out);
    append(to.revoked, more.revoked);
    append(to.revised, more.revised);
    append(to.watching, more.watching);
    append(to.invited, more.invited);
    append(to.expired, more.expired);
    append(to.ended, more.ended);
    append(to.disconnected, more.disconnected);
    to.policies = to.policies || more.policies;
    to.config = to.config || more.config;
    to.addins = to.addins || more.addins;
    to.walls = to.walls || more.walls;
    to.topology = to.topology || more.topology;
    to.anybody_out = to.anybody_out || more.anybody_out;
}

void once_each(Touched& touched) {
    sort_out(touched.principals);
    sort_out(touched.categories);
    sort_out(touched.rooms);
    sort_out(touched.signed_out);
    sort_out(touched.revised);
    sort_out(touched.disconnected);
}

}  // namespace pchat
