-- What happens when a server begins to serve a buffer, and when ours ends.
local client_of = require('duo_lsp.client')
local config = require('duo_lsp.config')

local M = {}

local METHOD = 'textDocument/inlineCompletion'
local ENDINGS = 3
local WHILE = 60 * 1000

---@type table<integer, true> where ghost text shows because of us
local shown = {}
---@type integer[] when our server ended, in milliseconds
local ended = {}

--- Start the server for files of its types, from now on.
function M.enable()
  if config.get().enable then
    vim.lsp.enable(client_of.NAME)
  end
end

-- Neovim asks every server that offers inline completion once a buffer has it on. Others stay as they were: somebody
-- else may draw their suggestions.
---@param client vim.lsp.Client
local function leave_alone(client)
  if client.name ~= client_of.NAME and client:supports_method(METHOD) then
    vim.lsp.inline_completion.enable(false, { client_id = client.id })
  end
end

---@param buffer integer
local function show_ghost_text(buffer)
  local is_on = vim.lsp.inline_completion.is_enabled({ bufnr = buffer })
  if is_on or shown[buffer] or not config.get().ghost_text then
    return -- a server that comes back finds it as it was left
  end
  vim.iter(vim.lsp.get_clients({ bufnr = buffer })):each(leave_alone)
  vim.lsp.inline_completion.enable(true, { bufnr = buffer })
  shown[buffer] = true
end

--- A server serves a buffer from now on, ours or another one.
---@param buffer integer
---@param client_id integer
function M.attached(buffer, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  if not client then
    return
  end
  if client.name ~= client_of.NAME then
    if shown[buffer] and not vim.lsp.inline_completion.is_enabled() then
      leave_alone(client)
    end
  elseif vim.lsp.inline_completion then
    show_ghost_text(buffer)
    require('duo_lsp.rest').watch(buffer)
    require('duo_lsp.stale').watch(buffer)
  elseif config.get().menu and client:supports_method('textDocument/completion') then
    require('duo_lsp.menu').enable(buffer, client_id)
  end
end

--- Our server has ended: it comes back by itself, unless it cannot stay.
---@param code integer
---@param signal integer
---@param client_id integer
function M.exited(code, signal, client_id)
  vim.schedule(function()
    require('duo_lsp.chat').interrupted(client_id)
    require('duo_lsp.status').forget(client_id)
    if (code == 0 and (signal == 0 or signal == 15)) or vim.v.exiting ~= vim.NIL then
      return
    end
    local now = vim.uv.now()
    ended = vim.tbl_filter(function(at)
      return now - at < WHILE
    end, ended)
    ended[#ended + 1] = now
    if #ended > ENDINGS then
      client_of.warn('the server ended again and again. `duo-lsp doctor` says more; opening a file starts it again.')
      return
    end
    vim.defer_fn(M.enable, 200 * #ended)
  end)
end

return M
