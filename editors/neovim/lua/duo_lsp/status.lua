-- What the server says about itself, by itself and when it is asked.
local client_of = require('duo_lsp.client')

local M = {}

---@class duo_lsp.Status
---@field state string one word: ready, local, paused, signedOut, …
---@field sentence string the same for people
---@field remedy string what to do about it, may be empty
---@field host string who is asked
---@field once boolean whether one suggestion was asked for by hand
---@field silence? string why the last request got nothing; only when it is asked
---@field conversation? string the file of the chat; only when it is asked

---@type table<integer, duo_lsp.Status> by client
local known = {}
local GOOD = { ready = 'Duo', ['local'] = 'Duo (local)', starting = 'Duo …' }

--- The notification duo/status.
---@param status duo_lsp.Status
function M.told(_, status, context)
  known[context.client_id] = status
  M.changed()
end

--- The server of this number has ended.
---@param client_id integer
function M.forget(client_id)
  known[client_id] = nil
  M.changed()
end

--- Have the status line drawn anew, and tell whoever draws one.
function M.changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'DuoStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- The last that was told, of the server that is meant here.
---@return duo_lsp.Status?
function M.now()
  local client = client_of.current()
  return client and known[client.id]
end

--- For a status line: `Duo`, `Duo (local)`, `Duo: signed out`; empty where no server of ours serves the buffer.
---@return string
function M.line()
  local client = vim.lsp.get_clients({ name = client_of.NAME, bufnr = 0 })[1]
  if not client then
    return ''
  end
  local state = (known[client.id] or {}).state or 'starting'
  return GOOD[state] or 'Duo: ' .. state:gsub('%u', function(letter)
    return ' ' .. letter:lower()
  end)
end

--- Ask the server, and wait for its answer, two seconds at most.
---@return duo_lsp.Status?
function M.ask()
  local client = client_of.current()
  local answer = client and client:request_sync('workspace/executeCommand', { command = 'duo.status' }, 2000)
  return answer and answer.result
end

--- Say it.
function M.show()
  client_of.run('duo.status', nil, function(status)
    local said = { status.sentence }
    if status.remedy ~= '' then
      said[2] = status.remedy
    end
    if status.silence ~= '' and status.silence ~= status.sentence then
      said[#said + 1] = 'The last request got nothing: ' .. status.silence
    end
    client_of.say(table.concat(said, ' '))
  end)
end

return M
