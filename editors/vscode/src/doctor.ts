import { EventEmitter, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Disposable, TextDocumentContentProvider } from 'vscode';
import type { Duo } from './duo';
import type { FullStatus } from './status';

const SCHEME = 'duo-lsp-doctor';
const ADDRESS = Uri.parse(`${SCHEME}:GitLab Duo Doctor.md`);

/** What `duo-lsp doctor` finds with the settings of this window, as a page. */
export class Doctor implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registered = workspace.registerTextDocumentContentProvider(SCHEME, this);
  private text = '';

  constructor(private readonly duo: Duo) {}

  provideTextDocumentContent(): string {
    return this.text;
  }

  async examine(): Promise<void> {
    const looking = { location: ProgressLocation.Notification, title: 'GitLab Duo looks at settings, token and network' };
    const status = await window.withProgress(looking, () => this.duo.run<FullStatus>('duo.status', { why: true }));
    this.text = report(status);
    this.changed.fire(ADDRESS);
    await window.showTextDocument(ADDRESS, { preview: true });
  }

  dispose(): void {
    this.registered.dispose();
  }
}

function report({ sentence, remedy, silence, findings = [] }: FullStatus): string {
  const lines = findings.map(({ name, fine, skipped, text, remedy: what }) => {
    const mark = skipped ? '-' : fine ? '✓' : '✗';
    return `* ${mark} ${name}: ${text}${what ? `\n  ${what}` : ''}`;
  });
  const head = ['# GitLab Duo Doctor', `${sentence} ${remedy}`.trim()];
  return [...head, ...(silence ? [`The last request got nothing: ${silence}`] : []), lines.join('\n'), ''].join('\n\n');
}
