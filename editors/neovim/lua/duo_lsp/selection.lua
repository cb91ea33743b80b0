-- The code that a command is about.
local client_of = require('duo_lsp.client')

local M = {}

-- Whether the range of a command is what is selected, and that is not whole lines: `'<,'>` gives lines only.
local function is_part_of_lines(given)
  local start, stop = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  return vim.fn.visualmode() == 'v' and start[2] == given.line1 and stop[2] == given.line2
end

---@param client vim.lsp.Client
---@param given { range: integer, line1: integer, line2: integer }
---@return lsp.Range
local function range(client, given)
  if given.range > 0 and is_part_of_lines(given) then
    return vim.lsp.util.make_given_range_params(nil, nil, 0, client.offset_encoding).range
  elseif given.range > 0 then
    return { start = { line = given.line1 - 1, character = 0 }, ['end'] = { line = given.line2, character = 0 } }
  end
  local here = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  return { start = here, ['end'] = here }
end

---@param first integer from 0
---@param last integer
---@return lsp.Diagnostic[]
local function diagnostics(first, last)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    if one.lnum >= first and one.lnum <= last then
      local place = { line = one.lnum, character = one.col }
      found[#found + 1] = {
        range = { start = place, ['end'] = place },
        message = one.message,
        source = one.source,
        code = one.code,
      }
    end
  end
  return found
end

--- What to tell the server of the code: the range of the command, else the place of the cursor.
---@param given { range: integer, line1: integer, line2: integer }
---@return duo_lsp.Question question without one in a buffer that our server does not serve
function M.of(given)
  local client = vim.lsp.get_clients({ name = client_of.NAME, bufnr = 0 })[1]
  if not client then
    return {}
  end
  local selected = range(client, given)
  return {
    uri = vim.uri_from_bufnr(0),
    range = selected,
    diagnostics = diagnostics(selected.start.line, math.max(selected.start.line, selected['end'].line - 1)),
  }
end

return M
