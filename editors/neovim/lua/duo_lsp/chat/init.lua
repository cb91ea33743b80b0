-- Asks the server, and shows its answer while it comes.
local client_of = require('duo_lsp.client')
local view_of = require('duo_lsp.chat.view')

local M = {}

---@class duo_lsp.Question
---@field command? string duo.chat, where it is not said otherwise
---@field question? string
---@field uri? string the document it is about
---@field range? lsp.Range
---@field diagnostics? lsp.Diagnostic[]
---@field newConversation? boolean

---@class duo_lsp.Answering
---@field view duo_lsp.View
---@field client_id integer
---@field request? integer
---@field heading string
---@field text string
---@field over? string why it ended without an end
---@field done? boolean whether all pieces have come
---@field written? boolean whether the server has said that it stands in the file

---@type table<string, duo_lsp.Answering> what is being answered, by the id of the question
local answering = {}
---@type string[] their ids, in the order of the questions
local order = {}
local count = 0
local drawing = false

---@param one duo_lsp.Answering
local function shown(one)
  local text = one.text ~= '' and one.text or one.over and '' or '*thinking …*'
  local over = one.over and ('\n\n*Interrupted.* ' .. one.over) or ''
  return one.heading .. '\n\n' .. text .. over
end

-- Whether its file has been read since it was written there: it would stand there twice.
---@param one duo_lsp.Answering
local function is_written(one)
  return one.written or one.done and view_of.ends_with(one.view, shown(one))
end

---@param view duo_lsp.View
local function render(view)
  local texts = {}
  for _, id in ipairs(order) do
    local one = answering[id]
    if one.view == view and one.heading ~= '' and not is_written(one) then
      texts[#texts + 1] = shown(one)
    end
  end
  view_of.render(view, texts)
end

-- Pieces come faster than anybody reads: what came together is drawn together.
---@param view duo_lsp.View
local function render_soon(view)
  if drawing then
    return
  end
  drawing = true
  vim.defer_fn(function()
    drawing = false
    render(view)
  end, 30)
end

---@param id string
local function forget(id)
  answering[id] = nil
  order = vim.tbl_filter(function(one)
    return one ~= id
  end, order)
end

--- The notification duo/chat/chunk.
---@param piece { id: string, text: string, done: boolean, heading: string? }
function M.came(_, piece)
  local one = answering[piece.id]
  if not one then
    return
  end
  if piece.heading then
    one.heading = piece.heading
    view_of.open(one.view, false)
    render(one.view)
    view_of.show_newest(one.view)
    return
  end
  one.text = one.text .. piece.text
  one.done = piece.done
  render_soon(one.view)
end

-- What was given up before stands in the file by now.
---@param view duo_lsp.View
local function drop_interrupted(view)
  for id, one in pairs(answering) do
    if one.view == view and one.over then
      forget(id)
    end
  end
end

---@param id string
---@param problem lsp.ResponseError?
---@param result { answer: string, uri: string?, state: string }?
local function answered(id, problem, result)
  local one = answering[id]
  if not one or one.over then
    return
  end
  if result and result.uri then
    forget(id)
    drop_interrupted(one.view)
    view_of.reload(one.view)
    if #view_of.windows(one.view) == 0 then
      client_of.say('the answer is there, `:Duo chat` shows it.')
    end
  else
    forget(id)
    client_of.warn(problem and problem.message or result and result.answer or 'no answer came.')
  end
  render(one.view)
end

---@param client vim.lsp.Client
---@param question duo_lsp.Question
---@param view duo_lsp.View
local function send(client, question, view)
  count = count + 1
  local id = ('nvim-%d-%d'):format(vim.fn.getpid(), count)
  local argument = vim.tbl_extend('force', question, { id = id })
  argument.command = nil
  answering[id] = { view = view, client_id = client.id, heading = '', text = '' }
  order[#order + 1] = id
  local params = { command = question.command or 'duo.chat', arguments = { argument } }
  local _, request = client:request('workspace/executeCommand', params, function(problem, result)
    answered(id, problem, result)
  end)
  answering[id].request = request
end

---@param use fun(client: vim.lsp.Client, view: duo_lsp.View)
local function with_view(use)
  client_of.run('duo.status', nil, function(status, client)
    use(client, view_of.of(status.conversation))
  end)
end

--- Ask, and show the answer beside the code, where the cursor stays.
---@param question duo_lsp.Question
function M.ask(question)
  with_view(function(client, view)
    send(client, question, view)
  end)
end

--- A command that came with a code action, or from somebody's configuration.
---@param command lsp.Command
function M.run(command)
  local argument = (command.arguments or {})[1]
  if type(argument) == 'string' then
    argument = { question = argument }
  end
  M.ask(vim.tbl_extend('force', argument or {}, { command = command.command }))
end

--- Open the conversation and go there.
function M.open()
  with_view(function(_, view)
    view_of.reload(view)
    render(view)
    view_of.open(view, true)
    view_of.show_newest(view)
  end)
end

---@param id string
---@param why string
local function interrupt(id, why)
  local one = answering[id]
  if one.over then
    return
  end
  one.over = why
  if one.heading == '' then
    forget(id)
  end
  render(one.view)
end

--- Want no more of what is being answered.
function M.stop()
  for id, one in pairs(answering) do
    local client = vim.lsp.get_client_by_id(one.client_id)
    if client and one.request and not one.over then
      client:cancel_request(one.request) -- Neovim keeps to itself what becomes of it
      interrupt(id, 'You stopped it. `:Duo chat retry` asks again.')
    end
  end
end

--- A server has ended, and with it what it was answering.
---@param client_id integer
function M.interrupted(client_id)
  for id, one in pairs(answering) do
    if one.client_id == client_id then
      interrupt(id, 'The server ended.')
    end
  end
end

-- A file is shown once the answer is in it, which may be before the question is answered.
---@param view duo_lsp.View
local function note_written(view)
  for _, one in pairs(answering) do
    if one.view == view and one.done then
      one.written = true
    end
  end
end

--- The request window/showDocument: our conversation has its own window, everything else is Neovim's.
---@param params lsp.ShowDocumentParams
function M.show_document(problem, params, context)
  if not params or not params.uri:match('^file:.*/duo%-lsp/chat/[^/]+%.md$') then
    return vim.lsp.handlers['window/showDocument'](problem, params, context)
  end
  local view = view_of.of(params.uri)
  note_written(view)
  view_of.reload(view)
  render(view)
  return { success = true }
end

return M
