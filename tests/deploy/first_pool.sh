#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# first_pool.sh [FLAG...]: from a topology to people who talk, as an administrator types it. Runs in a folder with
# topology.yaml and NAME.password of three people; $POOL is the pool, FLAGs say how its machines are signed in at.
set -euo pipefail

step() {
    echo "== $*" >&2
    "$@"
}

step pchatctl topology validate topology.yaml
step pchatctl deploy ca init "$POOL" -f topology.yaml
step pchatctl deploy ca issue "$POOL" -f topology.yaml
step pchatctl db provision -f topology.yaml --admin sip:ann@contoso.example --admin-password-file ann.password --yes
step pchatctl deploy pool "$POOL" -f topology.yaml --yes "$@"

step pchatctl login --context "$POOL" --user sip:ann@contoso.example --password-file ann.password
step pchatctl topology publish topology.yaml --yes
step pchatctl policy set global --enable-persistent-chat
step pchatctl category create Research --allow everyone --creator sip:ann@contoso.example --invitations --file-upload
for name in bob carol; do
    step pchatctl user create "sip:$name@contoso.example" --display "$name" --password-file "$name.password"
done
step pchatctl room create Lobby --category Research --privacy open --type normal

# Each at a server of their own.
authority=$HOME/.config/pchat/authorities/$POOL/ca.pem
for at in bob:pc1 carol:pc2; do
    name=${at%:*}
    step pchatctl login --server "https://${at#*:}.contoso.example" --ca-file "$authority" --save-as "$name" \
        --user "sip:$name@contoso.example" --password-file "$name.password"
done
step pchatctl message send Lobby "good morning" --context bob
step pchatctl message send Lobby "and to you" --context carol
step pchatctl message list Lobby --context bob -o json
