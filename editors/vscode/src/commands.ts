import { commands, Uri, window, workspace } from 'vscode';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Chat } from './chat/chat';
import type { Panel } from './chat/panel';
import type { Doctor } from './doctor';
import type { Duo } from './duo';
import type { Editors } from './editors';
import { menu } from './menu';
import type { Settings } from './settings';
import { forget, signIn } from './signIn';
import type { Tokens } from './tokens';

export interface Parts {
  context: ExtensionContext;
  duo: Duo;
  chat: Chat;
  panel: Panel;
  settings: Settings;
  tokens: Tokens;
  editors: Editors;
  doctor: Doctor;
  log: LogOutputChannel;
}

/** Every command of package.json; what goes wrong is said in a message. */
export function registerCommands(parts: Parts): void {
  const { context } = parts;
  for (const [name, work] of Object.entries({ ...chatCommands(parts), ...otherCommands(parts) })) {
    const said = async () => {
      try {
        await work();
      } catch (problem) {
        void window.showWarningMessage(problem instanceof Error ? problem.message : String(problem));
      }
    };
    context.subscriptions.push(commands.registerCommand(`duoLsp.${name}`, said));
  }
}

type Work = Record<string, () => unknown>;

function chatCommands({ chat, editors, panel }: Parts): Work {
  return {
    explain: () => chat.askAboutCode('duo.explain', editors.current),
    fix: () => chat.askAboutCode('duo.fix', editors.current),
    tests: () => chat.askAboutCode('duo.tests', editors.current),
    refactor: () => chat.askAboutCode('duo.refactor', editors.current),
    ask: () => chat.askFreely(editors.current),
    chat: () => panel.show(),
    newChat: () => chat.begin(),
  };
}

function otherCommands({ context, duo, settings, tokens, editors, doctor, log }: Parts): Work {
  return {
    menu: () => menu(duo),
    toggle: () => duo.run('duo.toggle'),
    toggleHere: () => {
      const uri = editors.current?.document.uri.toString();
      return duo.run('duo.toggle', uri === undefined ? 'here' : { uri });
    },
    signIn: () => signIn(settings, tokens),
    signOut: async () => {
      await forget(settings, tokens);
      await duo.changed();
      await duo.run('duo.signOut');
    },
    doctor: () => doctor.examine(),
    showLog: () => log.show(),
    restart: () => duo.restart(),
    help: () => showReadme(context.extensionUri),
    openSettings: () => commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
  };
}

/** Packing the extension writes its name in small letters. */
async function showReadme(folder: Uri): Promise<void> {
  const files = await workspace.fs.readDirectory(folder);
  const [name = 'README.md'] = files.map(([file]) => file).filter((file) => file.toLowerCase() === 'readme.md');
  await commands.executeCommand('markdown.showPreview', Uri.joinPath(folder, name));
}
