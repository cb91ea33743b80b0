import { commands, EventEmitter, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Disposable, TextDocumentContentProvider } from 'vscode';
import type { Duo } from './duo';
import type { Finding, FullStatus } from './status';

const SCHEME = 'duo-lsp-doctor';
/** How a setting's line ends that nobody set. */
const DEFAULT = '(default)';
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
    await commands.executeCommand('markdown.showPreview', ADDRESS);
  }

  dispose(): void {
    this.registered.dispose();
  }
}

function report({ sentence, remedy, silence, findings = [] }: FullStatus): string {
  const head = [`${sentence} ${remedy}`.trim(), ...(silence ? [`The last request got nothing: ${silence}`] : [])];
  const wrong = findings.filter(({ fine, skipped }) => !fine && !skipped);
  const rest = findings.filter(({ fine, skipped, text }) => (fine || skipped) && !text.endsWith(DEFAULT));
  return [
    '# GitLab Duo Doctor',
    ...head.map(plain),
    ...list(wrong.length > 0 ? 'Wrong' : 'Nothing is wrong', wrong),
    ...list('In order', rest.filter(({ skipped }) => !skipped)),
    ...list('Not looked at', rest.filter(({ skipped }) => skipped)),
    `Settings that are as they come are left out; *${plain('duo-lsp doctor')}* in a terminal shows them too.`,
  ].join('\n\n');
}

function list(title: string, findings: Finding[]): string[] {
  const lines = findings.map(({ name, text, remedy }) => `* **${plain(name)}**: ${plain(`${text} ${remedy}`.trim())}`);
  return [`## ${title}`, ...(lines.length > 0 ? [lines.join('\n')] : [])];
}

/** Text that means nothing in Markdown; an instance may have said it. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~!&]/g, '\\$&');
}
