#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# DESTDIR, and a tree that is moved after the installation: no file names where it was put.
# shellcheck source=tests/install/lib.bash
. "$(dirname "$0")/lib.bash"

DESTDIR=$work/stage "$CMAKE" --install "$BUILD" --prefix /opt/caisson >"$work/install.log"
mv "$work/stage/opt/caisson" "$work/elsewhere"
cd "$work/elsewhere"
for file in bin/caisson include/caisson/launch.h share/man/man1/caisson-run.1 \
    share/man/man1/caisson-memfd.1 share/man/man1/caisson-ch-run.1 \
    share/bash-completion/completions/caisson share/zsh/site-functions/_caisson \
    share/fish/vendor_completions.d/caisson.fish; do [ -s "$file" ] || die "no $file"; done
for name in libcaisson.so libcaisson.a caissonConfig.cmake caissonTargets.cmake caisson.pc; do
    [ -n "$(find . -name "$name")" ] || die "no $name"
done
if grep -rIlE "$work|$BUILD|$SOURCE" .; then die 'these name a directory of the build'; fi

# Nothing but the public interface is exported.
inner=$(nm -DC --defined-only "$(find . -name 'libcaisson.so')" |
    grep -E ' caisson::(child|sys|plan|text|path|file|cli|launch)::' || true)
[ -z "$inner" ] || die "exported: $inner"
"$CMAKE" -S "$SOURCE/examples" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/elsewhere" \
    -DCMAKE_CXX_COMPILER="$CXX" >"$work/log" || { cat "$work/log" && exit 1; }
