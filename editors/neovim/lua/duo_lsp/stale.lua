-- Neovim goes on showing a suggestion until it is answered again, although something else was typed meanwhile.
-- This takes it away with the key that makes it wrong.
local M = {}

---@type { buffer: integer, row: integer, before: string, text: string }? what was shown last, and where the cursor was
local seen

local function here()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return vim.api.nvim_get_current_buf(), row, vim.api.nvim_get_current_line():sub(1, col)
end

local function look()
  local buffer, row, before = here()
  local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
  local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
  local shown = marks[1] and marks[1][4].virt_text
  seen = shown and { buffer = buffer, row = row, before = before, text = shown[1] and shown[1][1] or '' } or nil
end

-- Whether what is shown goes on from where the cursor is now: somebody typed what it says, or went back.
local function still_fits()
  local buffer, row, before = here()
  if buffer ~= seen.buffer or row ~= seen.row then
    return false
  end
  local typed = before:sub(#seen.before + 1)
  return vim.startswith(seen.before, before)
    or (vim.startswith(before, seen.before) and vim.startswith(seen.text, typed))
end

local function take_away()
  vim.lsp.inline_completion.get({
    on_accept = function()
      if vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' then
        vim.api.nvim_exec_autocmds('CursorMovedI', { buffer = 0 }) -- Neovim asks for the new place
      end
      return nil
    end,
  })
end

--- Keep it right in this buffer.
---@param buffer integer
function M.watch(buffer)
  local group = vim.api.nvim_create_augroup('duo_lsp.stale.' .. buffer, {})
  vim.api.nvim_create_autocmd('CursorMovedI', {
    group = group,
    buffer = buffer,
    callback = function()
      if seen and not still_fits() then
        seen = nil
        take_away()
      end
      vim.schedule(look)
    end,
  })
  vim.api.nvim_create_autocmd('LspRequest', {
    group = group,
    buffer = buffer,
    callback = function(event)
      if event.data.request.type == 'complete' then
        vim.schedule(look) -- an answer may have brought another one
      end
    end,
  })
end

return M
