-- Suggestions in Neovim's own completion menu, for Neovim 0.11, which has no ghost text.
local M = {}

local REST = 300
---@type uv.uv_timer_t?
local timer

-- Neovim takes the only entry of its menu at once unless it is told to select nothing.
---@param buffer integer
local function select_nothing(buffer)
  local said = vim.opt.completeopt:get()
  if not vim.list_contains(said, 'noselect') and not vim.list_contains(said, 'noinsert') then
    vim.bo[buffer].completeopt = 'menuone,noselect,popup'
  end
end

--- Ask for a suggestion here.
function M.ask()
  if vim.fn.mode():sub(1, 1) == 'i' and vim.fn.pumvisible() == 0 then
    vim.lsp.completion.get()
  end
end

-- By itself Neovim opens the menu behind some signs only. Whoever is served by us wants it after a moment of rest.
local function soon()
  if timer then
    timer:stop()
  end
  timer = timer or assert(vim.uv.new_timer())
  timer:start(REST, 0, vim.schedule_wrap(M.ask))
end

--- Offer suggestions in the menu of this buffer.
---@param buffer integer
---@param client_id integer
function M.enable(buffer, client_id)
  select_nothing(buffer)
  vim.lsp.completion.enable(true, client_id, buffer, { autotrigger = true })
  vim.api.nvim_create_autocmd('TextChangedI', {
    group = vim.api.nvim_create_augroup('duo_lsp.menu.' .. buffer, {}),
    buffer = buffer,
    callback = soon,
  })
end

return M
