-- :checkhealth duo_lsp
local M = {}

local health = vim.health

---@param config duo_lsp.InForce
local function check_command(config)
  local known = vim.lsp.config.duo_lsp
  local cmd = known and known.cmd or config.cmd
  if type(cmd) ~= 'table' then
    health.info('the server is started by a function of yours')
    return
  end
  local command = cmd[1]
  if vim.fn.executable(command) == 0 then
    health.error(('%s cannot be started'):format(command), { 'run `duo-lsp setup nvim` and paste its lines' })
  else
    health.ok(('the server is %s'):format(vim.fn.exepath(command)))
  end
end

--- Whether any key of insert mode is one of ours, as far as that can be seen.
---@return boolean
local function has_key()
  return vim.iter(vim.api.nvim_get_keymap('i')):any(function(map)
    local ours = (map.rhs or ''):match('<Plug>%(duo%-accept') or (map.desc or ''):match('GitLab Duo')
    return ours ~= nil and not vim.startswith(map.lhs, '<Plug>')
  end)
end

---@param config duo_lsp.InForce
local function check_display(config)
  if not vim.lsp.inline_completion then
    health.warn(
      'suggestions come in the completion menu: Neovim 0.11 cannot show ghost text',
      { 'Neovim 0.12 or newer can' }
    )
    return
  end
  if config.ghost_text or vim.lsp.inline_completion.is_enabled() then
    health.ok('suggestions show as ghost text')
  else
    health.info('ghost text is off: vim.g.duo_lsp.ghost_text')
  end
  if not has_key() then
    health.info('no key accepts a suggestion yet, see |duo_lsp-keys|')
  end
end

local function check_server()
  local status = require('duo_lsp').status()
  if not status then
    health.warn('no server runs', { 'open a file of a type in lsp/duo_lsp.lua', ':checkhealth vim.lsp' })
    return
  end
  local fine = status.state == 'ready' or status.state == 'local'
  health[fine and 'ok' or 'warn'](status.sentence, status.remedy ~= '' and { status.remedy } or nil)
  if status.silence ~= '' then
    health.info('the last request got nothing: ' .. status.silence)
  end
end

function M.check()
  health.start('duo_lsp')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or newer is needed, 0.12 for ghost text')
    return
  end
  local config, problems = require('duo_lsp.config').get()
  for _, problem in ipairs(problems) do
    health.error(problem, { ':help duo_lsp-config' })
  end
  check_command(config)
  check_display(config)
  if config.enable and vim.lsp.is_enabled and not vim.lsp.is_enabled('duo_lsp') then
    health.error("it is not enabled: vim.lsp.enable('duo_lsp')")
  end
  check_server()
end

return M
