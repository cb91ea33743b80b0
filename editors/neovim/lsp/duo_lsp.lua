-- Found by vim.lsp.enable('duo_lsp'); vim.lsp.config('duo_lsp', { … }) lays your own values over it.

-- where Neovim's name for a file type is not the one LSP has for the language
local language_ids = {
  bash = 'shellscript',
  cs = 'csharp',
  make = 'makefile',
  objc = 'objective-c',
  objcpp = 'objective-cpp',
  sh = 'shellscript',
  systemverilog = 'verilog',
  tex = 'latex',
  zsh = 'shellscript',
}

local config = require('duo_lsp.config').get()

---@param module string
---@param name string
local function lazily(module, name)
  return function(...)
    return require(module)[name](...)
  end
end

local ask = lazily('duo_lsp.chat', 'run')

---@type vim.lsp.Config
return {
  cmd = config.cmd,
  init_options = next(config.settings) and config.settings or nil,
  capabilities = { experimental = { duoChat = true, duoStatus = true } }, -- what it tells us by itself
  handlers = {
    ['duo/chat/chunk'] = lazily('duo_lsp.chat', 'came'),
    ['duo/status'] = lazily('duo_lsp.status', 'told'),
    ['window/showDocument'] = lazily('duo_lsp.chat', 'show_document'),
  },
  -- code actions come here, too: an answer is shown while it comes
  commands = {
    ['duo.chat'] = ask,
    ['duo.explain'] = ask,
    ['duo.fix'] = ask,
    ['duo.refactor'] = ask,
    ['duo.retry'] = ask,
    ['duo.tests'] = ask,
  },
  on_exit = lazily('duo_lsp.attach', 'exited'),
  root_markers = { { '.git', '.hg', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod' } },
  get_language_id = function(_, filetype)
    return language_ids[filetype] or filetype
  end,
  -- stylua: ignore
  filetypes = config.filetypes or {
    'bash', 'c', 'clojure', 'cpp', 'cs', 'css', 'dart', 'dockerfile', 'elixir', 'erlang', 'fortran', 'go', 'groovy',
    'handlebars', 'haml', 'haskell', 'html', 'java', 'javascript', 'javascriptreact', 'json', 'julia', 'kotlin',
    'lean', 'lisp', 'lua', 'make', 'markdown', 'objc', 'objcpp', 'ocaml', 'perl', 'php', 'python', 'r', 'ruby',
    'rust', 'scala', 'scss', 'sh', 'solidity', 'sql', 'svelte', 'swift', 'systemverilog', 'terraform', 'tex', 'toml',
    'typescript', 'typescriptreact', 'vb', 'verilog', 'vue', 'xml', 'yaml', 'zsh',
  },
}
