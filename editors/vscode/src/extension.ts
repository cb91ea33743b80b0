import { commands, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { Chat } from './chat/chat';
import { Conversation } from './chat/conversation';
import { Panel } from './chat/panel';
import type { Message } from './chat/panel';
import { registerCommands } from './commands';
import { Doctor } from './doctor';
import { Duo } from './duo';
import { Editors } from './editors';
import { middleware } from './middleware';
import { tellHowToInstall } from './missing';
import { SECTION, Settings } from './settings';
import { StatusItem } from './statusItem';
import { Tokens } from './tokens';

let running: Duo | undefined;

/** Puts the parts together, and starts the server beside what goes on. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('GitLab Duo', { log: true });
  const settings = new Settings(context.extension.packageJSON.contributes.configuration.properties);
  const tokens = new Tokens(context.secrets);
  const duo = new Duo(settings, tokens, log, middleware((command, asked) => chat.ask(command, asked)));
  const conversation = new Conversation();
  const editors = new Editors();
  const panel = new Panel(Uri.joinPath(context.extensionUri, 'media'), conversation, receive);
  const chat = new Chat(duo, conversation, panel);
  const item = new StatusItem();
  const doctor = new Doctor(duo);

  function receive(message: Message): void {
    switch (message.type) {
      case 'ask':
        return void chat.askFreely(editors.current, message.text);
      case 'insert':
        return void editors.insert(message.text);
      case 'open':
        return void editors.open(message.address);
    }
  }

  item.show(duo.status);
  duo.onStatus((status) => item.show(status));
  duo.onStatus(({ state }) => state === 'notInstalled' && tellHowToInstall());
  duo.onStatus(() => void commands.executeCommand('setContext', 'duoLsp.running', duo.running));
  duo.onChunk((chunk) => conversation.add(chunk));
  tokens.onDidChange(() => void duo.changed());
  workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(SECTION) && void duo.changed());
  context.subscriptions.push(log, panel, item, doctor, editors);
  registerCommands({ context, duo, chat, panel, settings, tokens, editors, doctor, log });
  running = duo;
  void duo.restart();
}

export async function deactivate(): Promise<void> {
  await running?.end();
}
