-- The command :Duo.
local client_of = require('duo_lsp.client')

local M = {}

---@alias duo_lsp.Given vim.api.keyset.create_user_command.command_args

---@class duo_lsp.Sub
---@field run fun(rest: string, given: duo_lsp.Given)
---@field words? string[] what may follow

---@param rest string
---@param given duo_lsp.Given
local function ask(rest, given)
  local about = given.range > 0 and require('duo_lsp.selection').of(given) or {}
  if rest ~= '' then
    return require('duo_lsp.chat').ask(vim.tbl_extend('force', about, { question = rest }))
  end
  vim.ui.input({ prompt = 'Ask GitLab Duo: ' }, function(question)
    if question and vim.trim(question) ~= '' then
      require('duo_lsp.chat').ask(vim.tbl_extend('force', about, { question = question }))
    end
  end)
end

---@param name string
---@return duo_lsp.Sub
local function about_code(name)
  return {
    run = function(rest, given)
      local about = require('duo_lsp.selection').of(given)
      if not about.uri then
        client_of.warn('no server serves this buffer. `:checkhealth duo_lsp` says more.')
        return
      end
      local question = { command = 'duo.' .. name, question = rest ~= '' and rest or nil }
      require('duo_lsp.chat').ask(vim.tbl_extend('force', about, question))
    end,
  }
end

local function chat(rest)
  if rest == 'new' then
    client_of.run('duo.newChat')
    client_of.say('the next question begins a new conversation.')
  elseif rest == 'stop' then
    require('duo_lsp.chat').stop()
  elseif rest == 'retry' then
    require('duo_lsp.chat').ask({ command = 'duo.retry' })
  elseif rest == '' then
    require('duo_lsp.chat').open()
  else
    client_of.warn((':Duo chat takes new, stop, retry or nothing, not %q. A question follows :Duo ask.'):format(rest))
  end
end

local function toggle(rest)
  client_of.run('duo.toggle', rest ~= '' and rest or nil, function(status)
    if not status.error then
      client_of.say(vim.trim(status.sentence .. ' ' .. status.remedy))
    end
  end)
end

-- A token is pasted into a terminal, where nothing remembers it.
local function login()
  client_of.run('duo.signIn', nil, function(answer)
    if not answer.signedIn then
      vim.cmd('botright 12new')
      vim.fn.jobstart(answer.command, { term = true })
      vim.cmd.startinsert()
    end
  end)
end

---@type table<string, duo_lsp.Sub>
local subs = {
  ask = { run = ask },
  explain = about_code('explain'),
  fix = about_code('fix'),
  tests = about_code('tests'),
  refactor = about_code('refactor'),
  chat = { run = chat, words = { 'new', 'retry', 'stop' } },
  toggle = { run = toggle, words = { 'for 30 minutes', 'here', 'once', 'this language' } },
  status = {
    run = function()
      require('duo_lsp.status').show()
    end,
  },
  login = { run = login },
  logout = {
    run = function()
      client_of.run('duo.signOut')
    end,
  },
}

---@return string[]
local function names()
  local all = vim.tbl_keys(subs)
  table.sort(all)
  return all
end

---@param given duo_lsp.Given
function M.run(given)
  local name, rest = given.args:match('^(%S+)%s*(.-)%s*$')
  name = name or 'status'
  local sub = subs[name]
  if not sub then
    client_of.warn((':Duo has no %q. It has: %s.'):format(name, table.concat(names(), ', ')))
    return
  end
  sub.run(rest or '', given)
end

--- What may stand where the cursor is in the command line.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local said = line:match('Duo!?%s+(.*)$') or ''
  local name, rest = said:match('^(%S+)%s+(.*)$')
  local sub = name and subs[name]
  local words = name == nil and names() or sub and sub.words or {}
  local typed = name and rest or lead
  local found = {}
  for _, word in ipairs(words) do
    if vim.startswith(word, typed) then
      found[#found + 1] = word:sub(#typed - #lead + 1)
    end
  end
  return found
end

return M
