import { commands, window } from 'vscode';

const HELP = 'How to Install';
const SETTING = 'Set Its Path';

/** The one message when there is no server. */
export async function tellHowToInstall(): Promise<void> {
  const sentence =
    'GitLab Duo needs the program duo-lsp, which was not found. ' +
    'Install it with pipx or uv, or set duoLsp.server.command to where it is.';
  const chosen = await window.showErrorMessage(sentence, HELP, SETTING);
  if (chosen === HELP) {
    await commands.executeCommand('duoLsp.help');
  } else if (chosen === SETTING) {
    await commands.executeCommand('workbench.action.openSettings', 'duoLsp.server.command');
  }
}
