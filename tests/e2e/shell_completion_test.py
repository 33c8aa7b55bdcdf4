#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tab in real shells, with the scripts that `pchatctl completion` prints. shell_completion_test.py PCHATCTL"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
TOPOLOGY = pathlib.Path(__file__).resolve().parents[2] / "examples" / "enterprise-multiple.yaml"

BASH = r"""
source <(pchatctl completion bash)
COMP_LINE=$1
COMP_POINT=${#1}
# The words as bash takes them apart, = and : included.
COMP_WORDS=()
read -ra parts <<<"$1"
for part in "${parts[@]}"; do
    while [[ $part =~ ^([^=:]*)([=:]+)(.*)$ ]]; do
        [[ -n ${BASH_REMATCH[1]} ]] && COMP_WORDS+=("${BASH_REMATCH[1]}")
        COMP_WORDS+=("${BASH_REMATCH[2]}")
        part=${BASH_REMATCH[3]}
    done
    [[ -n $part ]] && COMP_WORDS+=("$part")
done
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_pchatctl
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
"""

# A second zsh on a terminal of its own; Tab lists, and the list is what comes between the markers.
ZSH = r"""
zmodload zsh/zpty
zpty shell 'TERM=dumb zsh -f -i'
read_until() {
    local text=""
    seen=""
    while [[ $seen != *$1* ]]; do
        zpty -r shell text || break
        seen+=$text
    done
}
zpty -w shell "PS1= RPS1= PS2=; stty -echo; autoload -Uz compinit; compinit -D -u
source <(pchatctl completion zsh)
comppostfuncs=(show_matches)
compadd() { builtin compadd -O found \"\$@\"; print -rl -- \"MATCH:\${(@)^found}\" >&2; builtin compadd \"\$@\" }
bindkey '^I' complete-word
zle -C complete-word complete-word _ask
_ask() { _main_complete; print -r -- DONE:END >&2; compstate[insert]=; compstate[list]= }
print -r -- READY:END"
read_until READY:END
zpty -w -n shell "$1"$'\t'
read_until DONE:END
print -r -- "$seen"
zpty -d shell
"""


def run(shell_words, directory, variables):
    environment = {
        "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
        "HOME": str(directory),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        **variables,
    }
    done = subprocess.run(
        shell_words, cwd=directory, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout, done.stderr


class Shell:
    """What every shell must do; a subclass says how it is asked."""

    def setUp(self):
        if shutil.which(self.name) is None:
            if os.environ.get("PCHAT_TEST_REQUIRE") == "all":
                self.fail(f"{self.name} is missing")
            print(f"SKIPPED: {self.name} is missing", flush=True)
            self.skipTest("no shell")
        keep = tempfile.TemporaryDirectory(prefix="pchat-tab-")
        self.addCleanup(keep.cleanup)
        self.directory = pathlib.Path(keep.name)
        shutil.copy(TOPOLOGY, self.directory / "topology.yaml")
        (self.directory / "topics").mkdir()

    def test_nouns(self):
        self.assertEqual(self.tab("pchatctl topo"), {"topology"})

    def test_verbs(self):
        self.assertLessEqual({"validate", "rules", "explain", "diff"}, self.tab("pchatctl topology "))

    def test_flags(self):
        self.assertEqual(self.tab("pchatctl topology validate --ou"), {"--output"})

    def test_values_behind_a_flag(self):
        self.assertEqual(self.tab("pchatctl version -o "), {"table", "json", "yaml"})

    def test_values_in_the_same_word(self):
        self.assertEqual(self.tab("pchatctl version --output=j"), {self.in_word("--output=", "json")})

    def test_files(self):
        self.assertEqual(self.tab("pchatctl topology validate topol"), {"topology.yaml"})

    def test_files_behind_the_equals_sign(self):
        found = self.tab("pchatctl topology add site --file=topol")
        self.assertIn(self.in_word("--file=", "topology.yaml"), found | {f"--file={name}" for name in found})

    def test_directories(self):
        self.assertEqual({name.rstrip("/") for name in self.tab("pchatctl __docs man top")}, {"topics"})

    def test_names(self):
        self.assertEqual(self.tab("pchatctl topology explain POOL-0"), {f"POOL-0{number}" for number in self.pool_rules()})

    def test_flags_before_the_verb(self):
        self.assertEqual(self.tab("pchatctl --no-color topology vali"), {"validate"})

    def test_a_line_that_makes_no_sense(self):
        self.assertEqual(self.tab("pchatctl nonsense "), set())

    def pool_rules(self):
        listed = run([str(PROGRAM), "topology", "rules", "-o", "name"], self.directory, {})[0].split()
        return {name[-1] for name in listed if "POOL-0" in name}

    def in_word(self, start, value):
        return start + value


class Bash(Shell, unittest.TestCase):
    name = "bash"

    def in_word(self, start, value):
        return value  # bash replaces only what stands behind the =

    def tab(self, line):
        out, err = run(["bash", "--norc", "-c", BASH, "bash", line], self.directory, {})
        self.assertEqual(err, "")
        return {word.strip() for word in out.splitlines()}

    def test_names_that_the_shell_would_act_on(self):
        (self.directory / "topology.yaml").write_text("spec: {sites: [{name: \"a $(id) `id`;b\"}]}\n")
        self.assertEqual(self.tab("pchatctl topology set site a"), {r"a\ \$\(id\)\ \`id\`\;b"})


class Fish(Shell, unittest.TestCase):
    name = "fish"

    def tab(self, line):
        command = f"pchatctl completion fish | source; complete -C {shlex.quote(line)}"
        out, err = run(["fish", "--no-config", "-c", command], self.directory, {})
        self.assertEqual(err, "")
        return {row.split("\t")[0] for row in out.splitlines()}


class Zsh(Shell, unittest.TestCase):
    name = "zsh"

    def tab(self, line):
        out, _ = run(["zsh", "-f", "-c", ZSH, "zsh", line], self.directory, {})
        self.assertIn("DONE:END", out)
        return set(re.findall(r"MATCH:([^\s]+)", out))


if __name__ == "__main__":
    unittest.main()
