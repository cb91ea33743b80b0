-- Suggestions in Neovim's own completion menu, for Neovim 0.11, which has no ghost text.
local client_of = require('duo_lsp.client')

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

-- The menu, where it is open and holds what our server offers.
---@return { selected: integer, items: table[] }? menu the selected entry counts from 0, -1 for none
---@return lsp.CompletionItem? item the one that accepting would take
local function open_menu()
  if vim.fn.pumvisible() == 0 then
    return nil
  end
  local menu = vim.fn.complete_info({ 'selected', 'items' })
  local entry = menu.items[math.max(menu.selected, 0) + 1] or {}
  local told = vim.tbl_get(entry, 'user_data', 'nvim', 'lsp') or {}
  local client = told.client_id and vim.lsp.get_client_by_id(told.client_id)
  if client and client.name == client_of.NAME then
    return menu, told.completion_item
  end
end

---@param keys string
local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'in', false)
end

--- Take the selected entry, or the first.
---@return boolean whether there is one of ours
function M.accept()
  local menu = open_menu()
  if menu then
    press(menu.selected < 0 and '<Down><C-y>' or '<C-y>')
  end
  return menu ~= nil
end

--- Select another entry.
---@param count integer 1 or -1
function M.cycle(count)
  local menu = open_menu()
  if menu then
    local key = count > 0 and '<Down>' or '<Up>'
    press(menu.selected < 0 and count > 0 and key .. key or key)
  end
end

--- Close the menu.
---@return lsp.Command? command of the entry that was offered
function M.dismiss()
  local menu, item = open_menu()
  if menu then
    press('<C-e>')
  end
  return item and item.command
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
