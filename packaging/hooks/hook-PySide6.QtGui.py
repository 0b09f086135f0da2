"""Which of QtGui's plugins are frozen; PyInstaller takes this hook in place of its own.

Left out are those for systems without a window server and those that draw in another
toolkit's style. They go before PyInstaller looks for dependencies, so that the libraries that
only they need (GTK, EGL on bare screens, the virtual keyboard's QML) never enter the bundle.
"""

from pathlib import PurePath

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

UNUSED_FOLDERS = ("egldeviceintegrations", "generic")
UNUSED_PLUGINS = (
    "libqeglfs",
    "libqgtk3",  # the palette and the dialogs are ours
    "libqicns",
    "libqico",
    "libqlinuxfb",
    "libqminimal",
    "libqpdf",
    "libqtga",
    "libqtiff",
    "libqtvirtualkeyboard",
    "libqvkkhrdisplay",
    "libqvnc",
    "libqwbmp",
)


def used(source: str) -> bool:
    """Return whether the plugin at *source* belongs into the bundle."""
    path = PurePath(source)
    return path.parent.name not in UNUSED_FOLDERS and not path.name.startswith(UNUSED_PLUGINS)


hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [entry for entry in binaries if used(str(entry[0]))]
