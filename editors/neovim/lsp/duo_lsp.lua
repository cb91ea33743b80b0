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

---@type vim.lsp.Config
return {
  handlers = {
    -- an answer of the chat is added to a file that may be open already: read it again before it is shown
    ['window/showDocument'] = function(...)
      pcall(vim.cmd.checktime)
      return vim.lsp.handlers['window/showDocument'](...)
    end,
  },
  cmd = { 'duo-lsp' },
  root_markers = { { '.git', '.hg', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod' } },
  get_language_id = function(_, filetype)
    return language_ids[filetype] or filetype
  end,
  -- stylua: ignore
  filetypes = {
    'bash', 'c', 'clojure', 'cpp', 'cs', 'css', 'dart', 'dockerfile', 'elixir', 'erlang', 'fortran', 'go', 'groovy',
    'handlebars', 'haml', 'haskell', 'html', 'java', 'javascript', 'javascriptreact', 'json', 'julia', 'kotlin',
    'lean', 'lisp', 'lua', 'make', 'markdown', 'objc', 'objcpp', 'ocaml', 'perl', 'php', 'python', 'r', 'ruby',
    'rust', 'scala', 'scss', 'sh', 'solidity', 'sql', 'svelte', 'swift', 'systemverilog', 'terraform', 'tex', 'toml',
    'typescript', 'typescriptreact', 'vb', 'verilog', 'vue', 'xml', 'yaml', 'zsh',
  },
}
