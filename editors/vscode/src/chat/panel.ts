import { commands, Uri, ViewColumn, window } from 'vscode';
import type { Disposable, WebviewPanel } from 'vscode';
import type { Conversation, Exchange } from './conversation';
import { page } from './page';

/** What the page sends: a question, a link that was followed, code to insert; or that it is there. */
export type Message =
  | { type: 'ready' }
  | { type: 'ask'; text: string }
  | { type: 'open'; address: string }
  | { type: 'insert'; text: string };

const PAUSE = 60;

/** The conversation beside the code. */
export class Panel implements Disposable {
  private panel: WebviewPanel | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly rendered = new Map<string, { markdown: string; html: string }>();

  constructor(
    private readonly media: Uri,
    private readonly conversation: Conversation,
    private readonly received: (message: Message) => void,
  ) {
    conversation.onDidChange(() => this.soon());
  }

  /** Beside the code, which keeps the cursor. */
  show(): void {
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    this.panel = window.createWebviewPanel('duoLsp.chat', 'GitLab Duo Chat', where, {
      enableScripts: true,
      enableFindWidget: true,
      retainContextWhenHidden: true,
      localResourceRoots: [this.media],
    });
    this.panel.iconPath = Uri.joinPath(this.media, 'chat.svg');
    this.panel.onDidDispose(() => (this.panel = undefined));
    this.panel.webview.onDidReceiveMessage((message: Message) =>
      message.type === 'ready' ? this.soon() : this.received(message),
    );
    this.panel.webview.html = page(this.panel.webview, this.media);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
  }

  /** Pieces come faster than anybody reads. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, PAUSE);
  }

  private async send(): Promise<void> {
    const { exchanges } = this.conversation;
    const shown = await Promise.all(
      exchanges.map(async (one) => ({
        id: one.id,
        question: one.question,
        place: one.place,
        html: await this.html(one),
        done: one.done,
      })),
    );
    await this.panel?.webview.postMessage({ exchanges: shown });
  }

  /** By the Markdown extension that is part of VS Code, once for each text. */
  private async html({ id, answer }: Exchange): Promise<string> {
    const known = this.rendered.get(id);
    if (known?.markdown === answer) {
      return known.html;
    }
    const html = await commands
      .executeCommand<string>('markdown.api.render', answer)
      .then(undefined, () => `<pre>${answer.replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&lt;'))}</pre>`);
    this.rendered.set(id, { markdown: answer, html });
    return html;
  }
}
