import { ConfigurationTarget, env, Uri, window, workspace } from 'vscode';
import { SECTION } from './settings';
import type { Settings } from './settings';
import { plain, problem } from './tokens';
import type { Tokens } from './tokens';

const TITLE = 'Sign In to GitLab';
const DEFAULT = 'https://gitlab.com';
const PAGE = '/-/user_settings/personal_access_tokens?name=duo-lsp&scopes=api';

/** Asks where GitLab is and for a token, and keeps both: the address in the user's settings, the token as a secret. */
export async function signIn(settings: Settings, tokens: Tokens): Promise<void> {
  const address = await askAddress(settings.address ?? DEFAULT);
  if (address === undefined || !(await offerPage(address))) {
    return;
  }
  const token = await window.showInputBox({
    title: TITLE,
    prompt: `A token of ${address} with the scope api or ai_features. It is kept in the editor's secret storage.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/\s/.test(text.trim()) ? 'A token has no blanks.' : undefined),
  });
  if (token?.trim()) {
    await tokens.keep(address, token.trim()); // first: nothing is ever at the new address without it
    await workspace.getConfiguration(SECTION).update('baseUrl', address, ConfigurationTarget.Global);
  }
}

/** Forgets the token that is kept here, if there is one. */
export async function forget(settings: Settings, tokens: Tokens): Promise<void> {
  const { address } = settings;
  if (address !== undefined) {
    await tokens.forget(address);
  }
}

async function askAddress(value: string): Promise<string | undefined> {
  const said = await window.showInputBox({
    title: TITLE,
    prompt: 'The address of your GitLab. Your code goes there once you are signed in.',
    value,
    ignoreFocusOut: true,
    validateInput: problem,
  });
  return said === undefined ? undefined : plain(said);
}

/** Whether to go on. */
async function offerPage(address: string): Promise<boolean> {
  const make = 'Open the page where tokens are made';
  const chosen = await window.showQuickPick([make, 'I have a token'], { title: TITLE, ignoreFocusOut: true });
  if (chosen === make) {
    await env.openExternal(Uri.parse(address + PAGE));
  }
  return chosen !== undefined;
}
