import { Position, Range, Selection, TextEditorRevealType, Uri, window } from 'vscode';
import type { Disposable, TextEditor } from 'vscode';

/** The editor of code that the person worked in last, also while the conversation has the focus. */
export class Editors implements Disposable {
  private latest = window.activeTextEditor;
  private readonly watching = window.onDidChangeActiveTextEditor((editor) => (this.latest = editor ?? this.latest));

  get current(): TextEditor | undefined {
    const { latest } = this;
    return window.activeTextEditor ?? (latest && window.visibleTextEditors.includes(latest) ? latest : undefined);
  }

  /** Puts text at the cursor, in place of what is selected. */
  async insert(text: string): Promise<void> {
    const editor = this.current;
    await editor?.edit((edit) => edit.replace(editor.selection, text));
  }

  /** Shows a file; `#L4` is its fourth line. */
  async open(address: string): Promise<void> {
    const uri = Uri.parse(address, true);
    if (uri.scheme !== 'file' && uri.scheme !== 'untitled') {
      return; // an answer is not to run anything
    }
    const column = this.current?.viewColumn;
    const options = column === undefined ? {} : { viewColumn: column };
    const editor = await window.showTextDocument(uri.with({ fragment: '' }), options);
    const line = Number(/^L(\d+)/.exec(uri.fragment)?.[1] ?? 1) - 1;
    const start = new Position(line, 0);
    editor.selection = new Selection(start, start);
    editor.revealRange(new Range(start, start), TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    this.watching.dispose();
  }
}
