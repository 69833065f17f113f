# To be sourced. Knows which Debian package brings which tool, and installs those that are missing.

missing=

need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need_file() { [ -e "$1" ] || missing="$missing $2"; }
need_library() { pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"; }

need_build_tools() {
    need_libraries
    need_command meson meson
    need_command ninja ninja-build
    need_command python3 python3
}

# What `pip install .` does not bring itself.
need_libraries() {
    command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
    need_command pkg-config pkg-config
    need_library libfyaml libfyaml-dev
    need_library jansson libjansson-dev
    need_library libpcre2-8 libpcre2-dev
    need_library zlib zlib1g-dev
}

# Debian keeps what `python3 -m venv` needs in a package of its own.
need_venv() { python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3 python3-venv"; }

need_pip() { python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3 python3-pip"; }

# Installs what is missing. Where that cannot be done (no apt-get, no rights), says what to install and fails.
install_missing() {
    [ -n "$missing" ] || return 0
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! command -v sudo >/dev/null 2>&1; }; then
        echo "please install:$missing (these are Debian's package names)" >&2
        return 1
    fi
    echo "installing:$missing" >&2
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words
    if { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
        rm -f "$log"
        missing=
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}
