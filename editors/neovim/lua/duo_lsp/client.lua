-- The server of ours that is meant, and commands to it.
local M = {}

M.NAME = 'duo_lsp'

local PAUSE = 50
local LOOKS = 300 -- a quarter of a minute

--- The one that serves this buffer, else any that runs.
---@return vim.lsp.Client?
function M.current()
  return vim.lsp.get_clients({ name = M.NAME, bufnr = 0 })[1] or vim.lsp.get_clients({ name = M.NAME })[1]
end

---@param id integer
---@param use fun(client: vim.lsp.Client)
---@param left integer looks that are left
local function once_initialized(id, use, left)
  local client = vim.lsp.get_client_by_id(id)
  if client and client.initialized then
    use(client)
  elseif client and left > 0 then
    vim.defer_fn(function()
      once_initialized(id, use, left - 1)
    end, PAUSE)
  else
    M.warn('the server did not start. `:checkhealth duo_lsp` says more.')
  end
end

--- Call this with the server, which is started where none runs: there is a chat and a login without any file, too.
---@param use fun(client: vim.lsp.Client)
function M.with(use)
  local client = M.current()
  if client then
    return use(client)
  end
  local config = vim.deepcopy(vim.lsp.config[M.NAME])
  config.root_dir = config.root_dir or vim.fs.root(0, config.root_markers or {}) or vim.fn.getcwd()
  local program = type(config.cmd) == 'table' and config.cmd[1] -- somebody's own may be a function
  local can = not program or vim.fn.executable(program) == 1
  local id = can and vim.lsp.start(config, { attach = false }) -- the same one where it has just been started
  if id then
    once_initialized(id, use, LOOKS)
  else
    M.warn(('%s cannot be started. `:checkhealth duo_lsp` says more.'):format(program or 'the server'))
  end
end

--- Run a command of the server, beside what goes on.
---@param name string
---@param argument? table|string
---@param use? fun(result: table, client: vim.lsp.Client) gets the answer, not called when there is none
function M.run(name, argument, use)
  M.with(function(client)
    local params = { command = name, arguments = argument and { argument } or nil }
    client:request('workspace/executeCommand', params, function(problem, result)
      if problem then
        M.warn(problem.message)
      elseif use and type(result) == 'table' then
        use(result, client)
      end
    end)
  end)
end

---@param sentence string
function M.say(sentence)
  vim.notify('GitLab Duo: ' .. sentence, vim.log.levels.INFO)
end

---@param sentence string
function M.warn(sentence)
  vim.notify('GitLab Duo: ' .. sentence, vim.log.levels.WARN)
end

return M
