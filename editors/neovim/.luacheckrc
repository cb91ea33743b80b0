std = 'luajit'
read_globals = { 'vim' }
-- options and variables of Neovim are fields of it
globals = { 'vim.bo', 'vim.wo', 'vim.o', 'vim.b', 'vim.g', 'vim.v' }
max_line_length = 120
