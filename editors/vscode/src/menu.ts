import { commands, QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Duo } from './duo';
import type { FullStatus } from './status';

interface Choice extends QuickPickItem {
  command?: string;
}

/** What can be done about suggestions, below the one reason why they do or do not show. */
export async function menu(duo: Duo): Promise<void> {
  const { sentence, remedy } = duo.status;
  const full = duo.running ? await duo.run<FullStatus>('duo.status').catch(() => undefined) : undefined;
  const chosen = await window.showQuickPick(choices(duo, full), {
    title: `GitLab Duo: ${sentence}`,
    placeHolder: [remedy, full?.silence && `Last time: ${full.silence}`].filter(Boolean).join(' ') || 'Choose',
  });
  if (chosen?.command !== undefined) {
    await commands.executeCommand(chosen.command);
  }
}

function choices(duo: Duo, full: FullStatus | undefined): Choice[] {
  const { state } = duo.status;
  if (state === 'notInstalled') {
    return [item('$(book) How to install duo-lsp', 'duoLsp.help'), ...always()];
  }
  if (full === undefined) {
    return always();
  }
  const paused = full.toggled.some(({ what, on }) => what === 'everything' && !on);
  const here = full.toggled.some(({ what, on }) => what === 'document' && !on);
  const signIn = item('$(sign-in) Sign in', 'duoLsp.signIn');
  const out = state === 'signedOut';
  return [
    ...(out ? [signIn, line('Suggestions')] : []), // nothing else helps before
    paused
      ? item('$(play) Go on with suggestions', 'duoLsp.toggle')
      : item('$(debug-pause) Pause suggestions', 'duoLsp.toggle'),
    item(here ? '$(play) Go on in this file' : '$(debug-pause) Pause in this file', 'duoLsp.toggleHere'),
    line('Chat'),
    item('$(comment-discussion) Ask a question', 'duoLsp.ask'),
    item('$(add) New conversation', 'duoLsp.newChat'),
    ...(out ? [] : [line('GitLab'), signIn, item('$(sign-out) Sign out', 'duoLsp.signOut')]),
    line('Help'),
    item('$(pulse) Look for what is wrong', 'duoLsp.doctor'),
    ...always(),
  ];
}

function always(): Choice[] {
  return [
    item('$(output) Show the log', 'duoLsp.showLog'),
    item('$(gear) Settings', 'duoLsp.openSettings'),
    item('$(refresh) Start the server anew', 'duoLsp.restart'),
  ];
}

function item(label: string, command: string): Choice {
  return { label, command };
}

function line(label: string): Choice {
  return { label, kind: QuickPickItemKind.Separator };
}
