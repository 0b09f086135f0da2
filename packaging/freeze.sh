#!/usr/bin/env bash
# Freeze Clew into the folder dist/clew, with what a desktop needs to list it in its menu.
set -euo pipefail
cd "$(dirname "$0")/.."

bash packaging/system_libraries.sh freeze
.venv/bin/pyinstaller --noconfirm --log-level ERROR --workpath build/pyinstaller packaging/clew.spec

# Symbols make up a tenth of the bundle. PyInstaller's own switch would strip numpy's OpenBLAS
# too, which does not load after it.
find dist/clew/_internal -name '*.so*' -type f -not -path '*/numpy*' -exec strip --strip-unneeded {} +

QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/render_icon.py dist/clew/clew.png
cp LICENSE packaging/clew.desktop packaging/org.clew.Clew.metainfo.xml dist/clew/
du -sh dist/clew
