#!/usr/bin/env bash
# get-swift.sh : the set-up gets Swift if there is none. A server on loopback stands for swift.org: its swiftly links to the
# Swift of this machine and is signed with a key made here. What another key signed is refused.
set -euo pipefail
root=$(readlink -f "$(dirname "$(readlink -f "$0")")/../../..")
swift=$(readlink -f "$(command -v swift)")
work=$(mktemp -d)
server=''
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT
fail() {
  echo "get-swift.sh: $*" >&2
  exit 1
}

mkdir -p "$work"/{served,home,path}
file=swiftly-$(uname -m).tar.gz
cat >"$work/swiftly" <<END
#!/bin/sh
bin=\$HOME/.local/share/swiftly/bin
case \$1 in
  init) mkdir -p "\$bin" && cp "\$0" "\$bin/swiftly" ;;
  install)
    ln -s "$swift" "\$bin/swift"
    for word; do case \$word in --post-install-file=*) echo "touch $work/post-installed" >"\${word#*=}" ;; esac; done ;;
esac
END
chmod +x "$work/swiftly"
tar -czf "$work/served/$file" -C "$work" swiftly
# sign KEY : the tarball, by a new key, which is served where it is to be trusted.
sign() {
  local home=$work/gpg-$1
  mkdir -m 700 "$home"
  gpg --homedir "$home" --quiet --batch --passphrase '' --quick-generate-key "$1 <$1@localhost>" 2>/dev/null
  rm -f "$work/served/$file.sig"
  gpg --homedir "$home" --quiet --batch --detach-sign --output "$work/served/$file.sig" "$work/served/$file"
  gpg --homedir "$home" --quiet --armor --export >"$work/served/$1.asc"
  gpgconf --homedir "$home" --kill all
}
sign trusted
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/served" >"$work/server.log" 2>&1 &
server=$!
until port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/server.log") && [[ -n $port ]]; do sleep 0.1; done

# All programs but Swift's.
IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do
  for program in "$folder"/*; do
    [[ $(basename "$program") == swift* ]] || ln -s "$program" "$work/path/" 2>/dev/null || true
  done
done
setup() {
  env HOME="$work/home" PATH="$work/path" AEGPU_SWIFTLY_URL="http://127.0.0.1:$port" \
    AEGPU_SWIFT_KEYS_URL="http://127.0.0.1:$port/trusted.asc" "$root/Tools/setup" "$@" >"$work/said" 2>&1
}
refused() {
  local text=$1
  shift
  ! setup "$@" || fail "expected a refusal of $*"
  grep -q "$text" "$work/said" || fail "expected '$text', received: $(<"$work/said")"
  [[ ! -e $work/home/.local ]] || fail "something was installed"
}

refused "there is no swift on the PATH" --without-swift
cp "$work/served/$file.sig" "$work/good.sig"
sign other
refused "the signature of .* is not one of swift.org's"
rm "$work/served/$file.sig"
refused "cannot be downloaded .*Download it from https://www.swift.org/install/linux, on another machine"
mv "$work/good.sig" "$work/served/$file.sig"
setup || fail "the set-up failed: $(<"$work/said")"
grep -q "download about 1 GB" "$work/said" || fail "no size was told: $(<"$work/said")"
[[ -e $work/post-installed ]] || fail "what Swift needs was not installed"
setup || fail "the second set-up failed: $(<"$work/said")"
[[ ! -s $work/said ]] || fail "the second set-up was not silent: $(<"$work/said")"
