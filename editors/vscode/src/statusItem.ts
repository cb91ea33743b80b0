import { MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Disposable } from 'vscode';
import { words } from './status';
import type { Status } from './status';

const FINE = ['ready', 'local'];
const CHOSEN = /^(off|paused|disabled|excluded|unlisted|unsupportedLanguage)/;

/** The one reason why suggestions do or do not show, at the bottom of the window. */
export class StatusItem implements Disposable {
  private readonly item = window.createStatusBarItem('duoLsp.status', StatusBarAlignment.Right, 100);

  constructor() {
    this.item.name = 'GitLab Duo';
    this.item.command = 'duoLsp.menu';
    this.item.show();
  }

  show(status: Status): void {
    const { state, sentence, remedy } = status;
    this.item.text = `${icon(state)} Duo${state === 'ready' ? '' : `: ${words(state)}`}`;
    this.item.tooltip = new MarkdownString().appendText(`${sentence}\n\n${remedy}`.trim());
    this.item.accessibilityInformation = { label: `GitLab Duo: ${sentence} ${remedy}`.trim(), role: 'button' };
    const wrong = ![...FINE, 'starting'].includes(state) && !CHOSEN.test(state);
    this.item.backgroundColor = wrong ? new ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  dispose(): void {
    this.item.dispose();
  }
}

function icon(state: string): string {
  if (state === 'starting') {
    return '$(loading~spin)';
  }
  if (FINE.includes(state)) {
    return '$(sparkle)';
  }
  return CHOSEN.test(state) ? '$(circle-slash)' : '$(warning)';
}
