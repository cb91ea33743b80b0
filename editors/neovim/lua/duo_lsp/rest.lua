-- What is left of a suggestion after a part of it was taken. Neovim asks again 200 ms later; until then this shows it,
-- so that word after word can be taken as fast as a key repeats.
local M = {}

---@class duo_lsp.Begun
---@field text string what is not inserted yet
---@field client_id integer
---@field command lsp.Command? what tells the server that all of it was taken

---@class duo_lsp.Rest: duo_lsp.Begun
---@field buffer integer
---@field row integer from 1
---@field before string the line up to the place where it goes on

---@type duo_lsp.Rest?
local left
local namespace = vim.api.nvim_create_namespace('duo_lsp.rest')

local function here()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return vim.api.nvim_get_current_buf(), row, vim.api.nvim_get_current_line():sub(1, col)
end

---@param rest duo_lsp.Rest
local function place(rest)
  rest.buffer, rest.row, rest.before = here()
end

--- Show nothing any more.
---@return duo_lsp.Rest? left what was shown
function M.drop()
  local before = left
  left = nil
  if before and vim.api.nvim_buf_is_valid(before.buffer) then
    vim.api.nvim_buf_clear_namespace(before.buffer, namespace, 0, -1)
  end
  return before
end

local function draw()
  local first, more = nil, {}
  for line in vim.gsplit(left.text, '\n', { plain = true }) do
    if first then
      more[#more + 1] = { { line, 'ComplHint' } }
    else
      first = { { line, 'ComplHint' } }
    end
  end
  vim.api.nvim_buf_clear_namespace(left.buffer, namespace, 0, -1)
  vim.api.nvim_buf_set_extmark(left.buffer, namespace, left.row - 1, #left.before, {
    virt_text = first,
    virt_lines = more,
    virt_text_pos = 'overlay',
    hl_mode = 'combine',
  })
end

--- Whether the cursor is where it goes on, after what was typed of it is taken off; otherwise it is gone.
local function follow()
  if not left then
    return false
  end
  local buffer, row, before = here()
  local typed = before:sub(#left.before + 1)
  local same = buffer == left.buffer and row == left.row and vim.startswith(before, left.before)
  if not same or not vim.startswith(left.text, typed) or typed == left.text then
    M.drop()
    return false
  end
  left.text = left.text:sub(#typed + 1)
  place(left)
  return true
end

--- A suggestion begins here, and nothing of it is inserted yet.
---@param begun duo_lsp.Begun
function M.begin(begun)
  left = begun --[[@as duo_lsp.Rest]]
  place(left)
end

---@param text string
local function insert(text)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(text, '\n', { plain = true })
  vim.bo.undolevels = vim.bo.undolevels -- one undo takes back this and nothing else
  vim.api.nvim_buf_set_text(0, row - 1, col, row - 1, col, lines)
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, (#lines == 1 and col or 0) + #lines[#lines] })
end

--- Insert a part of it.
---@param part duo_lsp.Part
---@return boolean whether there was any
function M.take(part)
  if not follow() or not left then
    return false
  end
  local rest = left
  local taken = part(rest.text)
  M.drop()
  insert(taken)
  if taken == rest.text then
    local client = rest.command and vim.lsp.get_client_by_id(rest.client_id)
    if client then
      client:exec_cmd(rest.command)
    end
    return true
  end
  rest.text = rest.text:sub(#taken + 1)
  left = rest
  place(left)
  draw()
  return true
end

--- Keep it right in this buffer: until the cursor goes elsewhere, insert mode ends, or the server has answered.
---@param buffer integer
function M.watch(buffer)
  local group = vim.api.nvim_create_augroup('duo_lsp.rest.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedI' }, {
    group = group,
    buffer = buffer,
    callback = function()
      if follow() then
        draw()
      end
    end,
  })
  vim.api.nvim_create_autocmd('InsertLeave', { group = group, buffer = buffer, callback = M.drop })
  vim.api.nvim_create_autocmd('LspRequest', {
    group = group,
    buffer = buffer,
    callback = function(event)
      local request = event.data.request
      if left and request.type == 'complete' and request.method == 'textDocument/inlineCompletion' then
        M.drop()
      end
    end,
  })
end

return M
