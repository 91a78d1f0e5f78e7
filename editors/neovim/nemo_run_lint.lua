-- nemo-run-lint for Neovim, 0.7 or newer: copy it to ~/.config/nvim/plugin/.
--
-- vim.g.nemo_run_lint_command      the command that starts the server
-- vim.g.nemo_run_lint_settings     what the server is set to, see editors/README.md
-- vim.g.nemo_run_lint_fix_on_save  whether all that is safe is fixed when a file is written
-- :NemoRunLintFix                  fixes all that is safe

local NAME = 'nemo_run_lint'
local FIX_ALL = 'source.fixAll.nemoRunLint'
local MARKERS = { 'pyproject.toml', 'nemo-run-lint.toml', '.nemo-run-lint.toml', '.git' }

--- In milliseconds.
local PATIENCE = 10000

local function root_of(buffer)
  local directory = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  local above = directory
  while true do
    for _, marker in ipairs(MARKERS) do
      if vim.loop.fs_stat(above .. '/' .. marker) then
        return above
      end
    end
    local parent = vim.fn.fnamemodify(above, ':h')
    if parent == above then
      return directory
    end
    above = parent
  end
end

local function configuration(root)
  return {
    name = NAME,
    cmd = vim.g.nemo_run_lint_command or { 'nemo-run-lint', 'server' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    init_options = vim.g.nemo_run_lint_settings or vim.empty_dict(),
  }
end

--- The servers that run, by the directory in which they work.
local servers = {}

local function attach(buffer)
  local root = root_of(buffer)
  if vim.lsp.start then -- since 0.8
    vim.lsp.start(configuration(root), { bufnr = buffer })
    return
  end
  if not (servers[root] and vim.lsp.get_client_by_id(servers[root])) then
    servers[root] = vim.lsp.start_client(configuration(root))
  end
  if servers[root] then
    vim.lsp.buf_attach_client(buffer, servers[root])
  end
end

local function clients_of(buffer)
  local all = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = buffer }) or vim.lsp.buf_get_clients(buffer)
  return vim.tbl_filter(function(client)
    return client.name == NAME
  end, vim.tbl_values(all))
end

local function ask(client, method, params, buffer)
  local answer = client.request_sync(method, params, PATIENCE, buffer)
  return answer and answer.result
end

--- Fix all that is safe, and wait for it.
local function fix(buffer)
  for _, client in ipairs(clients_of(buffer)) do
    local start = { line = 0, character = 0 }
    local params = {
      textDocument = { uri = vim.uri_from_bufnr(buffer) },
      range = { start = start, ['end'] = start },
      context = { diagnostics = {}, only = { FIX_ALL } },
    }
    for _, action in ipairs(ask(client, 'textDocument/codeAction', params, buffer) or {}) do
      if not action.edit then
        action = ask(client, 'codeAction/resolve', action, buffer) or action
      end
      if action.edit then
        vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding or 'utf-16')
      end
    end
  end
end

local group = vim.api.nvim_create_augroup(NAME, {})

vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = 'python',
  callback = function(event)
    attach(event.buf)
  end,
})

vim.api.nvim_create_autocmd('BufWritePre', {
  group = group,
  callback = function(event)
    if vim.g.nemo_run_lint_fix_on_save then
      fix(event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('NemoRunLintFix', function()
  fix(vim.api.nvim_get_current_buf())
end, {})
