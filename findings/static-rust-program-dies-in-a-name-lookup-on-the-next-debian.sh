#!/usr/bin/env bash
# A Rust program linked with `-C target-feature=+crt-static` on Debian 12 (glibc 2.36) dies on Debian 13 (glibc 2.41) of a division by
# zero (SIGFPE) when it looks up a name, if /etc/nsswitch.conf there names a service such as "resolve".
#
# One expects a static program to need nothing of the system. glibc loads the services of that file as shared libraries, also into a
# static program, and they bring the system's own glibc along; its versions must agree. That is documented, as a warning
# of the linker, which rustc does not show. Without such a service the same program runs: "files" and "dns" are linked in. So it
# passes every test in a container, and dies on a machine with systemd-resolved or mDNS.
#
# For a checkout: before the first lookup, call __nss_configure_lookup("hosts", "files dns") of <nss.h>, as facture's static program
# does (packaging/static/name_service.c), or use musl.
#
# Nothing leaves this machine but what debootstrap fetches: the name is in /etc/hosts, and no resolver runs. Seen with Rust 1.95.
# Needs root on Debian 12, rustc, gcc and debootstrap, and about half a minute. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root
mirror=$(apt-get indextargets --format '$(SITE)' "Release: bookworm" | head -1)
# Unpacked, not configured: its libraries are all that is wanted.
debootstrap --foreign --variant=minbase --include=libnss-resolve trixie "$root" "$mirror" >/dev/null
dpkg-deb --extract "$root"/var/cache/apt/archives/libnss-resolve_*.deb "$root"
echo "127.0.0.1 localhost" >"$root/etc/hosts"

cat >"$folder/lookup.rs" <<'RUST'
use std::net::ToSocketAddrs;

fn main() {
    match "localhost:443".to_socket_addrs() {
        Ok(mut found) => println!("{}", found.next().expect("an address")),
        Err(error) => println!("{error}"),
    }
}
RUST
cat >"$folder/name_service.c" <<'C'
#include <nss.h>
__attribute__((constructor)) static void configure(void) { __nss_configure_lookup("hosts", "files dns"); }
C
build() { rustc --crate-name lookup -C target-feature=+crt-static -o "$root/$1" "${@:2}" "$folder/lookup.rs"; }
cc -c "$folder/name_service.c" -o "$folder/name_service.o"
build as-it-is
build configured -C link-arg="$folder/name_service.o"

# What a program prints there, and how it ends.
look() {
  echo "hosts: $1" >"$root/etc/nsswitch.conf"
  local status=0
  said=$(chroot "$root" "/$2" 2>/dev/null) || status=$?
  echo "$2, hosts: $1: ${said:-nothing}, exit code $status"
}
seen=$(
  look "files dns" as-it-is
  look "resolve files dns" as-it-is
  look "resolve files dns" configured
) 2>/dev/null
printf '%s\n' "$seen"
[[ $seen == 'as-it-is, hosts: files dns: 127.0.0.1:443, exit code 0
as-it-is, hosts: resolve files dns: nothing, exit code 136
configured, hosts: resolve files dns: 127.0.0.1:443, exit code 0' ]] || {
  echo "it has changed"
  exit 1
}
