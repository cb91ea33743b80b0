// Runs what a test sends over a socket in the window's own process; the socket's name comes from the folder's.
const { createHash } = require('node:crypto');
const { createServer } = require('node:net');
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const vscode = require('vscode');

exports.activate = () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const path = join(process.env.DUO_TEST_HOME, 'probes', createHash('sha256').update(folder).digest('hex').slice(0, 16));
  rmSync(path, { force: true });
  createServer(async (socket) => {
    socket.on('error', () => undefined);
    for await (const line of createInterface({ input: socket })) {
      const { code, args } = JSON.parse(line);
      const answer = await run(code, args);
      socket.write(JSON.stringify(answer) + '\n');
    }
  }).listen(path);
};

async function run(code, args) {
  try {
    const work = new Function('vscode', 'args', `return (async () => { ${code} })()`);
    return { value: (await work(vscode, args)) ?? null };
  } catch (problem) {
    return { error: String(problem?.stack ?? problem) };
  }
}
