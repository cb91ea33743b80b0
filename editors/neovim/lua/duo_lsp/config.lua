-- What a person may set in vim.g.duo_lsp; see |duo_lsp-config|.
local M = {}

---@class duo_lsp.Config
---@field cmd? string[] the server and its arguments
---@field enable? boolean whether the server is started for files of these types by itself
---@field filetypes? string[] which files it serves, in place of those in lsp/duo_lsp.lua
---@field settings? table<string, any> settings of the server, under the names of its README
---@field ghost_text? boolean whether suggestions show by themselves; Neovim 0.12
---@field menu? boolean whether they come in the completion menu; Neovim 0.11
---@field chat? duo_lsp.Config.Chat

---@class duo_lsp.Config.Chat
---@field position? 'right'|'left'|'above'|'below' where the conversation opens
---@field size? number its share of the screen

---@class duo_lsp.InForce what is said, and for the rest the defaults
---@field cmd string[]
---@field enable boolean
---@field filetypes? string[]
---@field settings table<string, any>
---@field ghost_text boolean
---@field menu boolean
---@field chat duo_lsp.InForce.Chat

---@class duo_lsp.InForce.Chat
---@field position 'right'|'left'|'above'|'below'
---@field size number

---@type duo_lsp.InForce
M.defaults = {
  cmd = { 'duo-lsp' },
  enable = true,
  settings = {},
  ghost_text = true,
  menu = true,
  chat = { position = 'right', size = 0.4 },
}

local positions = { 'right', 'left', 'above', 'below' }

local function is_list_of_texts(value)
  if not vim.islist(value) or #value == 0 then
    return false
  end
  return vim.iter(value):all(function(one)
    return type(one) == 'string'
  end)
end

local function is_switch(value)
  return type(value) == 'boolean'
end

---@type table<string, { fits: fun(value: any): (boolean), must: string }>
local fields = {
  cmd = { fits = is_list_of_texts, must = 'a list of texts, such as { "duo-lsp" }' },
  enable = { fits = is_switch, must = 'true or false' },
  filetypes = { fits = is_list_of_texts, must = 'a list of file types' },
  settings = {
    fits = function(value)
      return type(value) == 'table' and (next(value) == nil or not vim.islist(value))
    end,
    must = 'a table of settings by their names',
  },
  ghost_text = { fits = is_switch, must = 'true or false' },
  menu = { fits = is_switch, must = 'true or false' },
  ['chat.position'] = {
    fits = function(value)
      return vim.list_contains(positions, value)
    end,
    must = 'one of ' .. table.concat(positions, ', '),
  },
  ['chat.size'] = {
    fits = function(value)
      return type(value) == 'number' and value > 0 and value < 1
    end,
    must = 'a number between 0 and 1',
  },
}

---@param said table
---@param before string
---@param into table what fits is put here
---@param problems string[]
local function read(said, before, into, problems)
  for key, value in vim.spairs(said) do
    local name = before .. key
    if name == 'chat' and type(value) == 'table' then
      read(value, 'chat.', into.chat, problems)
    elseif not fields[name] then
      local what = name == 'chat' and 'must be a table' or 'is not known'
      problems[#problems + 1] = ('vim.g.duo_lsp.%s %s'):format(name, what)
    elseif not fields[name].fits(value) then
      problems[#problems + 1] = ('vim.g.duo_lsp.%s must be %s'):format(name, fields[name].must)
    else
      into[key] = value
    end
  end
end

--- What is in force: the defaults, and over them whatever of vim.g.duo_lsp is as it must be.
---@return duo_lsp.InForce
---@return string[] problems what is not, a sentence each
function M.get()
  local config, problems = vim.deepcopy(M.defaults), {}
  local said = vim.g.duo_lsp
  if type(said) == 'table' then
    read(said, '', config, problems)
  elseif said ~= nil then
    problems[1] = 'vim.g.duo_lsp must be a table'
  end
  return config, problems
end

return M
