import { randomUUID } from 'node:crypto';
import { window } from 'vscode';
import type { TextEditor } from 'vscode';
import type { Duo } from '../duo';
import type { Conversation } from './conversation';
import type { Panel } from './panel';
import { about, place, TITLES } from './question';
import type { Question } from './question';

interface Answer {
  answer: string;
}

/** Asks the server, and shows question and answer in the panel. */
export class Chat {
  constructor(
    private readonly duo: Duo,
    private readonly conversation: Conversation,
    private readonly panel: Panel,
  ) {}

  /** A command of the server that asks, with the argument it was called with: by us, or by a code action. */
  async ask(command: string, asked: Question = {}): Promise<unknown> {
    const id = randomUUID();
    const question = [TITLES[command], asked.question].filter(Boolean).join(': ');
    this.conversation.begin(id, question, place(asked));
    this.panel.show();
    try {
      const result = await this.duo.run<Answer>(command, { ...asked, id, show: 'document' });
      this.conversation.end(id, result.answer);
      return result;
    } catch (problem) {
      this.conversation.end(id, problem instanceof Error ? problem.message : String(problem));
      return undefined;
    }
  }

  /** One of the fixed questions, about the selection or the function around the cursor. */
  async askAboutCode(command: string, editor: TextEditor | undefined): Promise<void> {
    if (editor === undefined) {
      void window.showInformationMessage('Open a file and select the code that GitLab Duo is to look at.');
      return;
    }
    await this.ask(command, about(editor));
  }

  /** A question of the person's own; what is selected goes along. */
  async askFreely(editor: TextEditor | undefined, question?: string): Promise<void> {
    const selected = editor !== undefined && !editor.selection.isEmpty;
    const prompt = selected ? 'The code that is selected goes along.' : 'Select code first to ask about it.';
    const asked = question ?? (await window.showInputBox({ title: 'Ask GitLab Duo', prompt, ignoreFocusOut: true }));
    if (asked?.trim()) {
      await this.ask('duo.chat', { ...(selected ? about(editor) : {}), question: asked });
    }
  }

  async begin(): Promise<void> {
    await this.duo.run('duo.newChat');
    this.conversation.clear();
    this.panel.show();
  }
}
