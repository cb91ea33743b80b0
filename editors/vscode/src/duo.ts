import { EventEmitter } from 'vscode';
import type { Disposable, LogOutputChannel } from 'vscode';
import { ExecuteCommandRequest, LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import type { Middleware } from 'vscode-languageclient/node';
import { announced } from './announced';
import { Crashes } from './crashes';
import type { Chunk } from './chat/conversation';
import { findServer } from './serverCommand';
import type { Settings } from './settings';
import { SECTION, tree } from './settings';
import { DISABLED, ENDED, MISSING, STARTING } from './status';
import type { Status } from './status';
import type { Tokens } from './tokens';

const SOON = 100;
const SELECTOR = [{ scheme: 'file' }, { scheme: 'untitled' }];

/** The server of this window: started, told of settings, started anew where it has to be. */
export class Duo implements Disposable {
  private readonly statuses = new EventEmitter<Status>();
  private readonly chunks = new EventEmitter<Chunk>();
  readonly onStatus = this.statuses.event;
  readonly onChunk = this.chunks.event;
  private client: LanguageClient | undefined;
  private last = STARTING;
  private turn: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  /** What the server that runs was started with. */
  private known = { direction: '', names: [] as string[], token: undefined as string | undefined };

  constructor(
    private readonly settings: Settings,
    private readonly tokens: Tokens,
    private readonly log: LogOutputChannel,
    private readonly middleware: Middleware,
  ) {}

  get status(): Status {
    return this.last;
  }

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  /** Ends the server, if there is one, and starts it with the settings of now; one after the other. */
  restart(): Promise<void> {
    this.turn = this.turn.then(() => this.startAnew()).catch((problem: unknown) => this.failed(problem));
    return this.turn;
  }

  /** Settings or a token have changed: the server is told, or started anew where it takes that only at its start. */
  async changed(): Promise<void> {
    const { direction, names, token } = this.known;
    const gone = names.some((name) => !this.settings.loose().has(name));
    if (gone || direction !== this.settings.direction() || token !== (await this.token())) {
      this.restartSoon();
    } else if (this.running) {
      this.known.names = [...this.settings.loose().keys()];
      await this.client?.sendNotification('workspace/didChangeConfiguration', { settings: null });
    }
  }

  /** What a command of the server answers. Rejects when there is no server or it ends. */
  async run<T>(command: string, ...args: unknown[]): Promise<T> {
    if (this.client === undefined || !this.running) {
      throw new Error(`${this.last.sentence} ${this.last.remedy}`.trim());
    }
    return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args })) as T;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  async end(): Promise<void> {
    clearTimeout(this.timer);
    const before = this.client;
    this.client = undefined;
    await before?.dispose().catch(() => undefined);
  }

  private async startAnew(): Promise<void> {
    const token = await this.token();
    this.known = { direction: this.settings.direction(), names: [...this.settings.loose().keys()], token };
    await this.end();
    if (!this.settings.enabled) {
      return this.tell(DISABLED);
    }
    const server = await findServer(this.settings.command);
    if (server === undefined) {
      return this.tell(MISSING);
    }
    this.tell(STARTING);
    this.client = this.make(server, { ...tree(this.settings.all()), ...(token === undefined ? {} : { token }) });
    await this.client.start();
  }

  /** The same for several changes that come together. */
  private restartSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.restart(), SOON);
  }

  /** Of the address that the settings name; one that was given for another address stays where it is. */
  private async token(): Promise<string | undefined> {
    const { address } = this.settings;
    return address === undefined ? undefined : this.tokens.of(address).catch(() => undefined);
  }

  private make(server: { command: string; args: string[] }, initializationOptions: object): LanguageClient {
    const client = new LanguageClient(SECTION, 'GitLab Duo', server, {
      documentSelector: SELECTOR,
      initializationOptions,
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: new Crashes(() => this.tell(ENDED)),
      middleware: this.middleware,
    });
    client.registerFeature(announced);
    client.onNotification('duo/status', (status: Status) => this.learn(status));
    client.onNotification('duo/chat/chunk', (chunk: Chunk) => this.chunks.fire(chunk));
    client.onDidChangeState(({ newState }) => this.tell(newState === State.Starting ? STARTING : this.last));
    return client;
  }

  private failed(problem: unknown): void {
    this.log.error(String(problem));
    this.tell(ENDED);
  }

  /** What the server tells before the editor has been told to ask it is kept until then. */
  private learn(status: Status): void {
    this.last = status;
    if (this.running) {
      this.tell(status);
    }
  }

  private tell(status: Status): void {
    this.last = status;
    this.statuses.fire(status);
  }
}
