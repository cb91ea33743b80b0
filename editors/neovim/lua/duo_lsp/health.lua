-- :checkhealth duo_lsp
local M = {}

function M.check()
  local health = vim.health
  health.start('duo_lsp')
  if vim.fn.has('nvim-0.12') == 0 then
    health.error('Neovim 0.12 or newer is needed: older ones have no inline completion')
    return
  end
  local command = vim.lsp.config.duo_lsp.cmd[1]
  if vim.fn.executable(command) == 0 then
    health.error(('%s cannot be started'):format(command), { 'run `duo-lsp setup nvim` and paste its lines' })
  end
  if not vim.lsp.is_enabled('duo_lsp') then
    health.error("it is not enabled: vim.lsp.enable('duo_lsp')")
  end
  if not vim.lsp.inline_completion.is_enabled() then
    health.error('inline completion is off: vim.lsp.inline_completion.enable()')
  end
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

return M
