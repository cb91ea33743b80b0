import { EventEmitter } from 'vscode';

/** A piece of an answer, by `duo/chat/chunk`. */
export interface Chunk {
  id: string;
  text: string;
  done: boolean;
}

/** Where the code is that a question is about. */
export interface Place {
  name: string;
  address: string;
}

export interface Exchange {
  readonly id: string;
  readonly question: string;
  readonly place: Place | undefined;
  /** Markdown, as far as it has come. */
  answer: string;
  done: boolean;
}

const MOST = 100;

/** Questions and answers of this window, oldest first. */
export class Conversation {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  exchanges: Exchange[] = [];

  begin(id: string, question: string, place: Place | undefined): void {
    this.exchanges = [...this.exchanges, { id, question, place, answer: '', done: false }].slice(-MOST);
    this.changed.fire();
  }

  add({ id, text }: Chunk): void {
    this.change(id, (exchange) => (exchange.answer += exchange.done ? '' : text));
  }

  /** The whole answer, which may differ from its pieces. */
  end(id: string, answer: string): void {
    this.change(id, (exchange) => Object.assign(exchange, { answer, done: true }));
  }

  clear(): void {
    this.exchanges = [];
    this.changed.fire();
  }

  private change(id: string, how: (exchange: Exchange) => void): void {
    const exchange = this.exchanges.find((one) => one.id === id);
    if (exchange !== undefined) {
      how(exchange);
      this.changed.fire();
    }
  }
}
