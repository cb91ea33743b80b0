-- GitLab Duo suggestions in Neovim 0.12 or newer: paste into init.lua.
vim.opt.runtimepath:append([[{folder}]])
vim.lsp.config('duo_lsp', { cmd = { [[{command}]] } })
vim.lsp.enable('duo_lsp')
vim.lsp.inline_completion.enable()
vim.keymap.set('i', '<Tab>', function()
  require('duo_lsp').accept('<Tab>') -- the key to press when nothing is offered
end, { desc = 'accept the suggestion' })
vim.keymap.set('i', '<C-Right>', function()
  require('duo_lsp').accept_word('<C-Right>')
end, { desc = 'accept the next word of the suggestion' })
