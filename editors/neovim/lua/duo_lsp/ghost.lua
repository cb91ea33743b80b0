-- What Neovim's own inline completion lacks: an accept that is right while you type, parts of a suggestion, dismissing.
local client_of = require('duo_lsp.client')
local rest = require('duo_lsp.rest')

local M = {}

local AT_MOST = 100 -- milliseconds; it is one
local has_ghost_text = vim.lsp.inline_completion ~= nil

local function menu()
  return require('duo_lsp.menu')
end

---@alias duo_lsp.Otherwise string|fun() a key as in a mapping, or what to do instead

---@param otherwise duo_lsp.Otherwise?
local function press(otherwise)
  if type(otherwise) == 'function' then
    otherwise()
  elseif otherwise and otherwise:lower() == '<tab>' and vim.snippet.active({ direction = 1 }) then
    vim.snippet.jump(1) -- as Neovim's own Tab does
  elseif otherwise then
    vim.api.nvim_feedkeys(vim.keycode(otherwise), 'in', false)
  end
end

-- Neovim up to 0.12.4 inserts a suggestion over the range it had when the answer came (neovim #36529): what was typed
-- since would stand twice. Our ranges end at the cursor, so the range now is from its start to the cursor; a suggestion
-- that no longer begins with what stands there is not taken.
---@param item vim.lsp.inline_completion.Item
---@return string? rest what it adds to what stands there
local function fitted(item)
  local text, range = item.insert_text, item.range
  if type(text) ~= 'string' or not range then
    return nil
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if row - 1 ~= range.start_row or col < range.start_col then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(0, row - 1, range.start_col, row - 1, col, {})[1]
  -- a file with CRLF has it in 'fileformat', not in its lines
  text = text:gsub('\r\n?', '\n')
  return vim.startswith(text, typed) and text:sub(#typed + 1) or nil
end

---@alias duo_lsp.Part fun(rest: string): string what is taken of what the suggestion adds

---@param text string
---@return string
local function all(text)
  return text
end

---@param text string
---@return string
local function first_word(text)
  return text:match('^%s*[%w_\128-\255]+') or text:match('^%s*[^%w%s_]+') or text
end

---@param text string
---@return string
local function first_line(text)
  return text:match('^\n*[^\n]+') or text
end

-- A mapping with <expr> may not: what it wants to write has to come after it.
local function may_write()
  return (pcall(vim.api.nvim_set_current_win, vim.api.nvim_get_current_win()))
end

---@param use fun(item: vim.lsp.inline_completion.Item): vim.lsp.inline_completion.Item? gets what is shown, which is
---  shown no more; Neovim inserts what it returns
---@return boolean whether anything is
local function with_shown(use)
  if not has_ghost_text then
    return false
  end
  local over = false
  local shown = vim.lsp.inline_completion.get({
    on_accept = function(item)
      over = true
      return use(item)
    end,
  })
  if shown and may_write() then
    -- Neovim calls back later, and a key that came together with this one would be there before
    vim.wait(AT_MOST, function()
      return over
    end, 1)
  end
  return shown
end

---@param client_id integer
---@return vim.lsp.Client? client where it is ours
local function ours(client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  return client and client.name == client_of.NAME and client or nil
end

---@param part duo_lsp.Part
---@param otherwise duo_lsp.Otherwise?
local function take(part, otherwise)
  if rest.take(part) then
    return
  end
  local shown = with_shown(function(item)
    if not ours(item.client_id) then
      return item
    end
    local text = fitted(item)
    if not text or text == '' then
      press(otherwise)
      return
    end
    rest.begin({ text = text, command = item.command, client_id = item.client_id })
    rest.take(part)
  end)
  if not shown then
    press(otherwise)
  end
end

--- Insert the suggestion.
---@param otherwise? duo_lsp.Otherwise when there is none
function M.accept(otherwise)
  if has_ghost_text or not menu().accept() then
    take(all, otherwise)
  end
end

--- Insert the next word of it.
---@param otherwise? duo_lsp.Otherwise
function M.accept_word(otherwise)
  take(first_word, otherwise)
end

--- Insert the next line of it.
---@param otherwise? duo_lsp.Otherwise
function M.accept_line(otherwise)
  take(first_line, otherwise)
end

---@param count integer
local function cycle(count)
  if has_ghost_text then
    vim.lsp.inline_completion.select({ count = count })
  else
    menu().cycle(count)
  end
end

--- Show the next suggestion for this place.
function M.next()
  cycle(1)
end

--- Show the one before.
function M.previous()
  cycle(-1)
end

---@param client_id integer
---@param command lsp.Command?
local function tell_dismissed(client_id, command)
  local client = ours(client_id)
  if client and command then
    client:exec_cmd({ title = '', command = 'duo.dismissed', arguments = command.arguments })
  end
end

--- Take the suggestion away; it does not come again by itself at this place.
---@param otherwise? duo_lsp.Otherwise when there is none
function M.dismiss(otherwise)
  local chosen = not has_ghost_text and menu().dismiss()
  if chosen then
    client_of.run('duo.dismissed', (chosen.arguments or {})[1])
    return
  end
  local left = rest.drop()
  if left then
    tell_dismissed(left.client_id, left.command)
    return
  end
  local shown = with_shown(function(item)
    tell_dismissed(item.client_id, item.command)
  end)
  if not shown then
    press(otherwise)
  end
end

--- Ask for one suggestion, also where none comes by itself.
function M.suggest()
  if not has_ghost_text then
    menu().ask()
    return
  end
  -- Neovim has no way to say that somebody asked by hand, so a command says it of the next request
  local now = require('duo_lsp.status').now()
  local client = client_of.current()
  if client and not (now and now.once) then
    client:exec_cmd({ title = '', command = 'duo.toggle', arguments = { 'once' } })
  end
  vim.api.nvim_exec_autocmds('CursorMovedI', { buffer = 0 })
end

return M
