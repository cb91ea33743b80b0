-- Read when Neovim starts, so it only says what there is; everything else is loaded when somebody uses it.
if vim.g.loaded_duo_lsp then
  return
end
vim.g.loaded_duo_lsp = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.api.nvim_echo({ { 'duo_lsp needs Neovim 0.11 or newer, 0.12 for ghost text.', 'WarningMsg' } }, true, {})
  return
end

vim.api.nvim_create_user_command('Duo', function(given)
  require('duo_lsp.command').run(given)
end, {
  nargs = '*',
  range = true,
  desc = 'GitLab Duo: ask about code, chat, suggestions on and off, logins',
  complete = function(...)
    return require('duo_lsp.command').complete(...)
  end,
})

local keys = {
  i = { 'accept', 'accept_word', 'accept_line', 'next', 'previous', 'dismiss', 'suggest' },
  n = { 'explain', 'fix', 'tests', 'refactor', 'ask', 'chat', 'toggle', 'status' },
  x = { 'explain', 'fix', 'tests', 'refactor', 'ask' },
}
for _, name in ipairs(keys.i) do
  vim.api.nvim_set_keymap('i', ('<Plug>(duo-%s)'):format(name:gsub('_', '-')), '', {
    noremap = true,
    callback = function()
      require('duo_lsp')[name]()
    end,
  })
end
for _, mode in ipairs({ 'n', 'x' }) do
  for _, name in ipairs(keys[mode]) do
    vim.api.nvim_set_keymap(mode, ('<Plug>(duo-%s)'):format(name), (':Duo %s<CR>'):format(name), {
      noremap = true,
      silent = true,
    })
  end
end

local group = vim.api.nvim_create_augroup('duo_lsp', {})
vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    require('duo_lsp.attach').attached(event.buf, event.data.client_id)
  end,
})

local function enable()
  vim.schedule(function()
    require('duo_lsp.attach').enable()
  end)
end
if vim.v.vim_did_enter == 1 then
  enable()
else
  vim.api.nvim_create_autocmd('VimEnter', { group = group, once = true, callback = enable })
end
