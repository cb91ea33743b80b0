-- The conversation in a buffer of its own: what stands in its file, and below it what is being answered now.
local config = require('duo_lsp.config')

local M = {}

local TITLE = '# GitLab Duo Chat'
local MARK = '## Asked on '

---@class duo_lsp.View
---@field path string the file of the conversation
---@field buffer integer
---@field lines string[] what stands in the file

---@type table<string, duo_lsp.View>
local views = {}

-- A link to code is long, and gF finds the place by its short form, too.
---@param line string
local function shortened(line)
  local uri, first, last = line:match('^%[.+%]%((file:.+)#L(%d+)%-L(%d+)%)$')
  if not uri then
    return line
  end
  local lines = first == last and first or first .. '-' .. last
  return ('%s:%s'):format(vim.fn.fnamemodify(vim.uri_to_fname(uri), ':.'), lines)
end

---@param path string
local function read(path)
  local ok, lines = pcall(vim.fn.readfile, path)
  return ok and #lines > 0 and vim.tbl_map(shortened, lines) or { TITLE }
end

-- The name of its folder, which is how its file begins; the whole where another folder has the same.
---@param path string
local function name_of(path)
  local whole = vim.fn.fnamemodify(path, ':t:r')
  local short = 'duo://chat/' .. whole:gsub('%-%x+$', '')
  return vim.fn.bufexists(short) == 0 and short or 'duo://chat/' .. whole
end

---@param path string
local function new_buffer(path)
  local buffer = vim.api.nvim_create_buf(true, true)
  vim.bo[buffer].bufhidden = 'hide'
  vim.api.nvim_buf_set_name(buffer, name_of(path))
  vim.bo[buffer].filetype = 'markdown'
  vim.bo[buffer].modifiable = false
  return buffer
end

-- Somebody may have closed its buffer; one that is only unloaded still has its name.
---@param view duo_lsp.View
local function revive(view)
  if not vim.api.nvim_buf_is_loaded(view.buffer) then
    if vim.api.nvim_buf_is_valid(view.buffer) then
      vim.api.nvim_buf_delete(view.buffer, { force = true })
    end
    view.buffer = new_buffer(view.path)
  end
end

--- The view of a conversation.
---@param uri string
---@return duo_lsp.View
function M.of(uri)
  local path = vim.uri_to_fname(uri)
  local view = views[path]
  if not view then
    view = { path = path, buffer = new_buffer(path), lines = read(path) }
    views[path] = view
  end
  revive(view)
  return view
end

---@param view duo_lsp.View
---@return integer[]
function M.windows(view)
  return vim.fn.win_findbuf(view.buffer)
end

---@param view duo_lsp.View
---@param line integer from 1; it is at the top then
local function show_line(view, line)
  for _, window in ipairs(M.windows(view)) do
    vim.api.nvim_win_call(window, function()
      vim.fn.winrestview({ lnum = line, topline = line, col = 0, leftcol = 0 })
    end)
  end
end

---@param lines string[]
---@param from integer
local function newest(lines, from)
  for number = from, 1, -1 do
    if vim.startswith(lines[number], MARK) then
      return number
    end
  end
  return 1
end

---@param text string
---@return string[]
local function lines_of(text)
  return vim.tbl_map(shortened, vim.split(text, '\n', { plain = true }))
end

---@param lines string[]
---@param texts string[]
local function with_below(lines, texts)
  local all = vim.list_slice(lines)
  for _, text in ipairs(texts) do
    all[#all + 1] = ''
    vim.list_extend(all, lines_of(text))
  end
  return all
end

--- Whether this is the end of what stands in the file.
---@param view duo_lsp.View
---@param text string Markdown
---@return boolean
function M.ends_with(view, text)
  local lines = lines_of(text)
  return vim.deep_equal(vim.list_slice(view.lines, #view.lines - #lines + 1), lines)
end

-- Only what is different is written, so that a window on it stays where it is.
---@param buffer integer
---@param lines string[]
local function write(buffer, lines)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local same = 0
  while same < #before and before[same + 1] == lines[same + 1] do
    same = same + 1
  end
  if same == #before and same == #lines then
    return
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, same, -1, false, vim.list_slice(lines, same + 1))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

--- Write what there is.
---@param view duo_lsp.View
---@param texts string[] what is being answered, each with its heading, in Markdown
function M.render(view, texts)
  write(view.buffer, with_below(view.lines, texts))
end

--- Read the file again.
---@param view duo_lsp.View
function M.reload(view)
  view.lines = read(view.path)
end

--- Put the newest question at the top of its windows.
---@param view duo_lsp.View
function M.show_newest(view)
  local lines = vim.api.nvim_buf_get_lines(view.buffer, 0, -1, false)
  show_line(view, newest(lines, #lines))
end

local SPLITS = { right = 'right', left = 'left', above = 'above', below = 'below' }

--- Open a window on it, where the person's windows have none.
---@param view duo_lsp.View
---@param enter boolean
function M.open(view, enter)
  revive(view)
  local here = vim.iter(M.windows(view)):find(function(window)
    return vim.api.nvim_win_get_tabpage(window) == vim.api.nvim_get_current_tabpage()
  end)
  if here then
    if enter then
      vim.api.nvim_set_current_win(here)
    end
    return
  end
  local chat = config.get().chat
  local wide = chat.position == 'right' or chat.position == 'left'
  local window = vim.api.nvim_open_win(view.buffer, enter, {
    win = -1,
    split = SPLITS[chat.position],
    width = wide and math.floor(vim.o.columns * chat.size) or nil,
    height = not wide and math.floor(vim.o.lines * chat.size) or nil,
    style = 'minimal',
  })
  for name, value in pairs({ wrap = true, linebreak = true, breakindent = true, conceallevel = 2, spell = false }) do
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
end

return M
