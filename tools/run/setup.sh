# Part of ./run: Debian and npm packages. Does nothing, and fast, when everything is there.
# shellcheck shell=bash

# Names in tools/packages.txt that are not installed. Node and npm may also come from elsewhere: the commands count.
missing_packages() {
  local wanted installed package
  wanted=$(sed 's/#.*//' tools/packages.txt | xargs -n1)
  # shellcheck disable=SC2016,SC2086
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
  for package in $wanted; do
    case "$package" in
      nodejs) if command -v node >/dev/null; then continue; fi ;;
      npm) if command -v npm >/dev/null; then continue; fi ;;
    esac
    grep -qxF "$package" <<<"$installed" || echo "$package"
  done
}

setup_debian() {
  local missing sudo=()
  command -v dpkg-query >/dev/null || die "zhili is built on Debian 12: there is no dpkg here. Use a Debian 12 machine or container."
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || die "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local apt=(${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# setup_npm_of FOLDER: what its package-lock.json names.
setup_npm_of() {
  local folder=$1
  if [[ ! -f $folder/package-lock.json || $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]]; then return 0; fi
  say "installing npm packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  touch "$folder/node_modules/.package-lock.json"
}

setup_npm() {
  setup_npm_of ui
  setup_npm_of tests/conformance
}

setup() {
  setup_debian
  setup_npm
}
