-- What a configuration may call; see |duo_lsp-lua|. Each is loaded when it is used.
local M = {}

---@param module string
---@param name string
local function lazily(module, name)
  return function(...)
    return require(module)[name](...)
  end
end

M.accept = lazily('duo_lsp.ghost', 'accept') ---@type fun(otherwise?: duo_lsp.Otherwise)
M.accept_word = lazily('duo_lsp.ghost', 'accept_word') ---@type fun(otherwise?: duo_lsp.Otherwise)
M.accept_line = lazily('duo_lsp.ghost', 'accept_line') ---@type fun(otherwise?: duo_lsp.Otherwise)
M.dismiss = lazily('duo_lsp.ghost', 'dismiss') ---@type fun(otherwise?: duo_lsp.Otherwise)
M.next = lazily('duo_lsp.ghost', 'next') ---@type fun()
M.previous = lazily('duo_lsp.ghost', 'previous') ---@type fun()
M.suggest = lazily('duo_lsp.ghost', 'suggest') ---@type fun()
M.ask = lazily('duo_lsp.chat', 'ask') ---@type fun(question: duo_lsp.Question)
M.stop = lazily('duo_lsp.chat', 'stop') ---@type fun()
M.status = lazily('duo_lsp.status', 'ask') ---@type fun(): duo_lsp.Status?
M.statusline = lazily('duo_lsp.status', 'line') ---@type fun(): string

return M
