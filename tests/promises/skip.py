# SPDX-License-Identifier: Apache-2.0
"""A test that cannot do its work here says so loudly; where everything is required, that is a failure."""

import os

SKIPPED = 77


def skip(why):
    """The exit code."""
    if os.environ.get("PCHAT_TEST_REQUIRE") == "all":
        print(f"PCHAT_TEST_REQUIRE=all, and {why}")
        return 1
    print(f"SKIPPED: {why}")
    return SKIPPED
