-- What Neovim's own inline completion lacks: an accept that is right while you type, and one word or line at a time.
local M = {}

---@param key string? as in a mapping; nil presses nothing
local function press(key)
  if key then
    vim.api.nvim_feedkeys(vim.keycode(key), 'in', false)
  end
end

-- Neovim up to 0.12.4 inserts a suggestion over the range it had when the answer came (neovim #36529): what was typed
-- since would stand twice. Our ranges end at the cursor, so the range now is from its start to the cursor; a suggestion
-- that no longer begins with what stands there is not taken.
---@param item vim.lsp.inline_completion.Item
---@return vim.lsp.inline_completion.Item?
local function fitted(item)
  local text, range = item.insert_text, item.range
  if type(text) ~= 'string' or not range then
    return item
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if row - 1 ~= range.start_row or col < range.start_col then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(0, row - 1, range.start_col, row - 1, col, {})[1]
  -- a file with CRLF has it in 'fileformat', not in its lines
  text = text:gsub('\r\n?', '\n')
  if not vim.startswith(text, typed) then
    return nil
  end
  item.insert_text = text
  item.range = vim.range(0, row - 1, range.start_col, row - 1, col)
  return item
end

---@alias duo_lsp.Part fun(rest: string): string what is taken of what the suggestion adds

---@type duo_lsp.Part
local function first_word(rest)
  return rest:match('^%s*[%w_\128-\255]+') or rest:match('^%s*[^%w%s_]+') or rest
end

---@type duo_lsp.Part
local function first_line(rest)
  return rest:match('^\n*[^\n]+') or rest
end

---@param part duo_lsp.Part
---@return fun(item: vim.lsp.inline_completion.Item): vim.lsp.inline_completion.Item
local function only(part)
  return function(item)
    local text, range = item.insert_text, item.range
    if type(text) ~= 'string' or not range then
      return item
    end
    local there = range.end_col - range.start_col
    local rest = text:sub(there + 1)
    local taken = part(rest)
    if taken ~= rest then
      item.insert_text = text:sub(1, there) .. taken
      item.command = nil -- it tells the server that all of it was taken
    end
    return item
  end
end

---@param otherwise string?
---@param change fun(item: vim.lsp.inline_completion.Item): vim.lsp.inline_completion.Item
local function take(otherwise, change)
  local shown = vim.lsp.inline_completion.get({
    on_accept = function(item)
      local now = fitted(item)
      if not now then
        press(otherwise)
        return nil
      end
      return change(now)
    end,
  })
  if not shown then
    press(otherwise)
  end
end

--- Insert the suggestion, or press a key when there is none.
---@param otherwise string?
function M.accept(otherwise)
  take(otherwise, function(item)
    return item
  end)
end

--- Insert the next word of the suggestion, or press a key when there is none.
---@param otherwise string?
function M.accept_word(otherwise)
  take(otherwise, only(first_word))
end

--- Insert the next line of the suggestion, or press a key when there is none.
---@param otherwise string?
function M.accept_line(otherwise)
  take(otherwise, only(first_line))
end

--- What the server says about itself: state, sentence, remedy, and why the last request got nothing.
---@return table<string, string>?
function M.status()
  local client = vim.lsp.get_clients({ name = 'duo_lsp' })[1]
  local answer = client and client:request_sync('workspace/executeCommand', { command = 'duo.status' }, 2000)
  return answer and answer.result
end

return M
