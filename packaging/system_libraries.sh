#!/usr/bin/env bash
# Look for what a step needs from the system: install it when root on Debian, else name it.
#
#     system_libraries.sh SET...
#
#     python     python3 with venv                    (set-up)
#     offscreen  libraries of Qt without a screen     (tests, tour)
#     window     libraries of Qt on X11               (the application)
#     freeze     what PyInstaller calls and copies    (make package)
#     screen     a screen in memory                   (.ci/run)
#
# Exits 1 when something is still missing, except for `window`: the tests pass without it.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin  # ldconfig is there, and not on every user's path
python=${PYTHON:-python3}

needs_python() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3 python3-venv
}

needs_offscreen() {
    library libGL.so.1 libgl1
    library libEGL.so.1 libegl1
    library libxkbcommon.so.0 libxkbcommon0
    library libglib-2.0.so.0 libglib2.0-0
    library libfreetype.so.6 libfreetype6
    library libfontconfig.so.1 libfontconfig1
    library libdbus-1.so.3 libdbus-1-3
}

needs_window() {
    library libxcb-cursor.so.0 libxcb-cursor0
    library libxcb-icccm.so.4 libxcb-icccm4
    library libxcb-keysyms.so.1 libxcb-keysyms1
    library libxcb-shape.so.0 libxcb-shape0
    library libxcb-xkb.so.1 libxcb-xkb1
    library libxkbcommon-x11.so.0 libxkbcommon-x11-0
}

needs_freeze() {
    command -v objcopy >/dev/null || echo binutils
    # Debian's interpreter is linked statically; the frozen application needs the library.
    if [ "$(.venv/bin/python -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
        version=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        library "libpython$version.so.1.0" "libpython$version"
    fi
}

needs_screen() {
    command -v Xvfb >/dev/null || echo xvfb
}

# library SONAME PACKAGE: print PACKAGE unless the loader knows SONAME.
library() {
    ldconfig -p | grep -F "	$1 " >/dev/null || echo "$2"
}

missing() {
    for set in "$@"; do "needs_$set"; done | xargs
}

# Both write into the report, which is long and shown only when all has failed.
apt_update() {
    apt-get update </dev/null >>"$report" 2>&1
}

apt_install() {
    # shellcheck disable=SC2086  # one argument for each package
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $packages </dev/null >>"$report" 2>&1
}

if [ "$(uname)" != Linux ]; then exit 0; fi  # elsewhere Qt's wheel brings all it needs

packages=$(missing "$@")
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $packages"
    report=$(mktemp)
    # The lists of packages may be absent or old: they are fetched only when that shows.
    apt_install || { apt_update && apt_install; } || cat "$report" >&2
    rm "$report"
    packages=$(missing "$@")
fi
if [ -n "$packages" ]; then
    echo "Missing on this system (names of Debian's packages): $packages" >&2
fi

required=()
for set in "$@"; do
    if [ "$set" != window ]; then required+=("$set"); fi
done
[ -z "$(missing "${required[@]}")" ]
