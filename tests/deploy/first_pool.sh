#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# first_pool.sh: what follows the commands of the README: others are let in, and talk. Runs in a folder with topology.yaml
# and secrets/NAME of two people, by somebody who is signed in; $POOL is the pool.
set -euo pipefail

step() {
    echo "== $*" >&2
    "$@"
}

step pchatctl message send Lobby "hello"
step pchatctl topology publish topology.yaml --yes
for name in bob carol; do
    step pchatctl user create "sip:$name@contoso.example" --display "$name" --password-file "secrets/$name"
done

# Each at a server of their own.
authority=$HOME/.config/pchat/authorities/$POOL/ca.pem
for at in bob:pc1 carol:pc2; do
    name=${at%:*}
    step pchatctl login --server "https://${at#*:}.contoso.example" --ca-file "$authority" --save-as "$name" \
        --user "sip:$name@contoso.example" --password-file "secrets/$name"
done
step pchatctl message send Lobby "good morning" --context bob
step pchatctl message send Lobby "and to you" --context carol
step pchatctl message list Lobby --context bob -o json
