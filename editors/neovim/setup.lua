-- GitLab Duo in Neovim 0.12 or newer (0.11 shows suggestions in its menu): paste into init.lua.
vim.g.duo_lsp = { cmd = { [[{command}]] } }
vim.opt.runtimepath:append([[{folder}]])
-- With lazy.nvim this stands in place of the line above:  { dir = [[{folder}]], lazy = false }

-- No key is taken by itself. These are usual; each is what it always was where nothing is offered.
for key, what in pairs({ ['<Tab>'] = 'accept', ['<C-Right>'] = 'accept_word', ['<C-Down>'] = 'accept_line' }) do
  vim.keymap.set('i', key, function()
    require('duo_lsp')[what](key)
  end, { desc = 'GitLab Duo: ' .. what })
end
vim.keymap.set('i', '<M-]>', '<Plug>(duo-next)')
vim.keymap.set('i', '<M-[>', '<Plug>(duo-previous)')
vim.keymap.set('i', '<C-]>', '<Plug>(duo-dismiss)')
