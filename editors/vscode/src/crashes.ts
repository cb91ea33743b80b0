import { commands, window } from 'vscode';
import { CloseAction, ErrorAction } from 'vscode-languageclient/node';
import type { CloseHandlerResult, ErrorHandler, ErrorHandlerResult } from 'vscode-languageclient/node';

const MOST = 4;
const WITHIN = 3 * 60_000;

/** Starts a server again that has ended by itself, and says so once; one that keeps ending is left alone. */
export class Crashes implements ErrorHandler {
  private times: number[] = [];

  constructor(
    private readonly gaveUp: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true };
  }

  closed(): CloseHandlerResult {
    this.times = [...this.times.filter((time) => this.now() - time < WITHIN), this.now()];
    if (this.times.length > MOST) {
      this.times = [];
      void tell('GitLab Duo has ended several times and is not started again.', 'Start Again', 'duoLsp.restart');
      this.gaveUp();
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    if (this.times.length === 1) {
      void tell('GitLab Duo has ended unexpectedly and is started again.', 'Show Log', 'duoLsp.showLog');
    }
    return { action: CloseAction.Restart, handled: true };
  }
}

async function tell(sentence: string, button: string, command: string): Promise<void> {
  if ((await window.showWarningMessage(sentence, button)) === button) {
    await commands.executeCommand(command);
  }
}
