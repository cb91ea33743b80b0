import { languages, workspace } from 'vscode';
import type { TextEditor } from 'vscode';
import type { Place } from './conversation';

/** What the server takes with a question; see `chat/wish.py` there. */
export interface Question {
  question?: string;
  uri?: string;
  range?: Range;
  diagnostics?: unknown[];
  id?: string;
  show?: 'document' | 'none';
}

interface Position {
  line: number;
  character: number;
}

interface Range {
  start: Position;
  end: Position;
}

/** The commands of the server that ask, and what is shown as the question when nobody wrote one. */
export const TITLES: Readonly<Record<string, string>> = {
  'duo.chat': '',
  'duo.retry': 'Once more',
  'duo.explain': 'Explain this code',
  'duo.fix': 'Fix this code',
  'duo.tests': 'Write tests for this code',
  'duo.refactor': 'Refactor this code',
};

/** The selection of an editor, or its cursor, with the problems there. */
export function about(editor: TextEditor): Question {
  const { document, selection } = editor;
  const diagnostics = languages
    .getDiagnostics(document.uri)
    .filter(({ range }) => range.intersection(selection) !== undefined)
    .map(({ range, message, source }) => ({ range: plain(range), message, source }));
  return { uri: document.uri.toString(), range: plain(selection), diagnostics };
}

/** What stands below a question as a link to its code. */
export function place({ uri, range }: Question): Place | undefined {
  if (uri === undefined || range === undefined) {
    return undefined;
  }
  const document = workspace.textDocuments.find((one) => one.uri.toString() === uri);
  const empty = range.start.line === range.end.line && range.start.character === range.end.character;
  const last = Math.max(range.start.line, range.end.character ? range.end.line : range.end.line - 1);
  const name = document === undefined ? uri : workspace.asRelativePath(document.uri);
  const lines = last > range.start.line ? `lines ${range.start.line + 1}-${last + 1}` : `line ${last + 1}`;
  return { name: empty ? name : `${name}, ${lines}`, address: `${uri}#L${range.start.line + 1}` };
}

/** Positions with a class of their own do not go through JSON as the server wants them. */
function plain({ start, end }: Range): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
